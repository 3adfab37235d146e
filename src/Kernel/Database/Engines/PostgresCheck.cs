using Npgsql;

namespace Squero.Kernel;

/// <summary>What a database says of itself before anything is written to it.</summary>
internal sealed record PostgresState(string Encoding, bool IsOurs, long OtherTables, bool MayCreate);

/// <summary>Whether a PostgreSQL database can be used, and if not, the sentence that says why and what to do. Pure.</summary>
internal static class PostgresCheck
{
    public const int OldestMajor = 15;

    /// <summary>The columns of <see cref="PostgresState"/>.</summary>
    public const string Question =
        """
        SELECT current_setting('server_encoding'), to_regclass('kernel_migrations') IS NOT NULL,
               (SELECT count(*) FROM pg_catalog.pg_tables WHERE schemaname = ANY(current_schemas(false))),
               coalesce(has_schema_privilege(current_schema(), 'CREATE'), false)
        """;

    public static void Version(Version version)
    {
        if (version.Major < OldestMajor)
        {
            throw Refusal.Invalid($"The server runs PostgreSQL {version}; Squero needs {OldestMajor} or newer.");
        }
    }

    public static void State(DatabaseAddress address, PostgresState state)
    {
        if (state.Encoding != "UTF8")
        {
            throw Refusal.Invalid($"The database `{address.Name}` keeps text as {state.Encoding}; Squero needs UTF8. Create one with: createdb --encoding=UTF8 --template=template0 …");
        }

        if (!state.IsOurs && state.OtherTables > 0)
        {
            throw Refusal.Conflict($"The database `{address.Name}` belongs to something else: it has {state.OtherTables} tables and none of Squero's. Give Squero a database of its own.");
        }

        if (!state.IsOurs && !state.MayCreate)
        {
            throw Refusal.Invalid($"The role `{address.Role}` may not create tables in the database `{address.Name}`. Make it the owner: ALTER DATABASE {address.Name} OWNER TO {address.Role}.");
        }
    }

    public static Refusal Refused(DatabaseAddress address, NpgsqlException failure) =>
        Refusal.Invalid((failure as PostgresException)?.SqlState switch
        {
            PostgresErrorCodes.InvalidPassword => $"PostgreSQL at {address.Text} does not take the password of the role `{address.Role}`.",
            PostgresErrorCodes.InvalidAuthorizationSpecification => $"PostgreSQL at {address.Text} does not let the role `{address.Role}` in: {failure.Message}",
            PostgresErrorCodes.InvalidCatalogName => $"PostgreSQL at {address.Text} has no database `{address.Name}`. Create it: createdb --owner={address.Role} {address.Name}",
            PostgresErrorCodes.TooManyConnections => $"PostgreSQL at {address.Text} has no connection left: {failure.Message}",
            PostgresErrorCodes.CannotConnectNow => $"PostgreSQL at {address.Text} is starting or stopping. Try again in a moment.",
            not null => $"PostgreSQL at {address.Text} does not let Squero in: {failure.Message}",
            null when failure.Message.Contains("No password", StringComparison.Ordinal) =>
                $"PostgreSQL at {address.Text} asks for a password. Put it into SQUERO_DATABASE, into a file for --database-file, or into PGPASSWORD.",
            null => $"There is no PostgreSQL at {address.Text}: {(failure.InnerException ?? failure).Message}",
        });
}
