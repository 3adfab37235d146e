namespace Squero.Accounts;

/// <summary>How a request proved who it comes from.</summary>
public enum CallerKind
{
    Anonymous,
    Session,
    Token,
    Job,
}

/// <summary>The job behind a job token: its token reaches its own project only.</summary>
public sealed record JobIdentity(long JobId, long PipelineId, long ProjectId);

/// <summary>Who makes the present request. Anonymous callers have no person.</summary>
public sealed record Caller(CallerKind Kind, Person? Person, IReadOnlyList<string> Scopes, JobIdentity? Job = null, AccessToken? Token = null)
{
    public static Caller Anonymous { get; } = new(CallerKind.Anonymous, null, []);

    public long? PersonId => Person?.Id;

    public bool IsSignedIn => Person is not null;

    /// <summary>Administrators act as such in a session or with a token of scope api, never through a job.</summary>
    public bool IsAdmin => Person is { IsAdmin: true } && Kind is CallerKind.Session or CallerKind.Token && Has(Scope.Api);

    /// <summary>Sessions may do all that the person may; tokens only what their scopes name.</summary>
    public bool Has(Scope scope) =>
        Kind switch
        {
            CallerKind.Session => true,
            CallerKind.Job => true,
            CallerKind.Token => scope.GrantedBy.Any(Scopes.Contains),
            _ => false,
        };
}

/// <summary>What a token may be used for; the words of the REST API.</summary>
public sealed record Scope(string Name, IReadOnlyList<string> GrantedBy)
{
    public static Scope Api { get; } = new("api", ["api"]);

    public static Scope ReadApi { get; } = new("read_api", ["api", "read_api"]);

    public static Scope ReadUser { get; } = new("read_user", ["api", "read_api", "read_user"]);

    public static Scope ReadRepository { get; } = new("read_repository", ["api", "read_api", "read_repository", "write_repository"]);

    public static Scope WriteRepository { get; } = new("write_repository", ["api", "write_repository"]);

    public static Scope CreateRunner { get; } = new("create_runner", ["api", "create_runner"]);

    public static IReadOnlyList<Scope> All { get; } = [Api, ReadApi, ReadUser, ReadRepository, WriteRepository, CreateRunner];
}
