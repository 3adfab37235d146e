using System.Data.Common;
using System.Globalization;

namespace Squero.Kernel;

/// <summary>
/// What the two engines do differently: opening, beginning a transaction, taking a schema in. All other SQL is written once,
/// in the part that both understand.
/// </summary>
public abstract class SqlEngine : IDisposable
{
    /// <summary>As people know it: SQLite or PostgreSQL.</summary>
    public abstract string Name { get; }

    public abstract SqlDialect Dialect { get; }

    internal abstract Task<DbConnection> OpenAsync(CancellationToken cancel);

    /// <summary>A connection to be kept by the one who writes.</summary>
    internal virtual Task<DbConnection> OpenWriterAsync(CancellationToken cancel) => OpenAsync(cancel);

    /// <summary>Begins a transaction that no other writer's overlaps, in this process or another.</summary>
    internal abstract Task<DbTransaction> BeginWriteAsync(DbConnection connection, CancellationToken cancel);

    /// <summary>Begins a transaction that sees one state of everything and writes nothing.</summary>
    internal abstract Task<DbTransaction> BeginSnapshotAsync(DbConnection connection, CancellationToken cancel);

    /// <summary>Whether no schema has been made yet.</summary>
    internal abstract Task<bool> IsNewAsync(CancellationToken cancel);

    /// <summary>Looks, once and before anything is changed, whether the database can be used; refuses in one sentence when it cannot.</summary>
    internal abstract Task PrepareAsync(CancellationToken cancel);

    /// <summary>
    /// Makes this process the one server of the database until the engine is disposed of; refuses when another is it. Points that
    /// are on their way into blocks are known to the server's memory alone.
    /// </summary>
    internal virtual Task HoldAsync(CancellationToken cancel) => Task.CompletedTask;

    /// <summary>
    /// Before something is written by a process that <see cref="HoldAsync"/> made the one server: makes sure that it still is, and
    /// refuses when another has become it.
    /// </summary>
    /// <param name="look">Also when nothing speaks against it.</param>
    internal virtual Task StayAsync(bool look, CancellationToken cancel) => Task.CompletedTask;

    /// <summary>After a failure that broke a connection: others in the pool are likely to be as broken.</summary>
    internal virtual void Forget()
    {
    }

    /// <summary>
    /// Brings what stands in a log beside the database into the database itself, without holding writers up; nothing to do where
    /// the engine sees to it. True when the log is so long that it should begin anew, which it does when nobody writes meanwhile.
    /// </summary>
    internal virtual Task<bool> CheckpointAsync(CancellationToken cancel) => Task.FromResult(false);

    /// <summary>The settings that say whether a commit waits for the disk, as a connection has them.</summary>
    internal abstract Task<IReadOnlyDictionary<string, string>> DurabilityAsync(DbConnection connection, CancellationToken cancel);

    public abstract void Dispose();

    private protected static async Task<string> AskAsync(DbConnection connection, string question, CancellationToken cancel)
    {
        await using var ask = connection.CreateCommand();
        ask.CommandText = question;
        return Convert.ToString(await ask.ExecuteScalarAsync(cancel), CultureInfo.InvariantCulture) ?? "";
    }
}
