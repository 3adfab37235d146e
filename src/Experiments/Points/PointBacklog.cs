using Squero.Kernel;

namespace Squero.Experiments;

/// <summary>What was logged and is not packed yet: it is safe, and reads find it, but a long backlog makes them slow.</summary>
public sealed class PointBacklog
{
    private readonly Database database;
    private readonly PointTail tail;

    internal PointBacklog(Database database, PointTail tail) => (this.database, this.tail) = (database, tail);

    public long Points => tail.Points;

    /// <summary>The rows that hold them.</summary>
    public Task<long> RowsAsync(CancellationToken cancel) => database.ReadAsync(session => session.CountAsync("SELECT count(*) FROM experiments_tail"), cancel);
}
