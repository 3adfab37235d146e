using System.CommandLine;
using Squero.Kernel;

namespace Squero.Server;

/// <summary>Where the database is: the same options for every command that uses one.</summary>
internal sealed class DatabaseArguments
{
    public const string Variable = "SQUERO_DATABASE";

    private readonly Option<string?> address = new("--database")
    {
        Description = $"A PostgreSQL database, as postgres://role@host/name; without it SQLite in the data folder. With a password better in {Variable} or a file.",
    };

    private readonly Option<string?> file = new("--database-file") { Description = "A file whose first line is the address of the database." };

    public void AddTo(Command command)
    {
        command.Options.Add(address);
        command.Options.Add(file);
    }

    /// <summary>Null for SQLite.</summary>
    public DatabaseAddress? Read(ParseResult parsed)
    {
        var (given, path) = (parsed.GetValue(address), parsed.GetValue(file));
        if (given is not null && path is not null)
        {
            throw Refusal.Invalid("Give --database or --database-file, not both.");
        }

        return given is not null ? DatabaseAddress.Parse(given) : path is not null ? DatabaseAddress.Parse(FirstLine(path)) : FromEnvironment();
    }

    public static DatabaseAddress? FromEnvironment() =>
        Environment.GetEnvironmentVariable(Variable) is { } text && !string.IsNullOrWhiteSpace(text) ? DatabaseAddress.Parse(text) : null;

    private static string FirstLine(string path)
    {
        try
        {
            return File.ReadLines(path).FirstOrDefault() ?? "";
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Refusal.Invalid($"--database-file {path} cannot be read: {failure.Message}");
        }
    }
}
