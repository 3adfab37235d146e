using System.Data.Common;

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

    /// <summary>After a failure that broke a connection: others in the pool are likely to be as broken.</summary>
    internal virtual void Forget()
    {
    }

    public abstract void Dispose();
}
