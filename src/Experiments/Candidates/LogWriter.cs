using Microsoft.Data.Sqlite;

namespace Squero.Experiments;

/// <summary>Numbers of names known before, and those that this transaction adds: kept only when it commits.</summary>
internal sealed class NewNames(Dictionary<(long Project, string Name), long> known) : IDisposable
{
    private const int MaxKept = 100_000;
    private readonly Dictionary<(long Project, string Name), long> added = [];

    public bool TryFind(long project, string name, out long id) => known.TryGetValue((project, name), out id) || added.TryGetValue((project, name), out id);

    public void Add(long project, string name, long id) => added[(project, name)] = id;

    public void Keep()
    {
        if (known.Count + added.Count > MaxKept)
        {
            known.Clear();
        }

        foreach (var (key, id) in added)
        {
            known[key] = id;
        }
    }

    public void Dispose() => added.Clear();
}

/// <summary>Prepared statements of one transaction of <see cref="CandidateLog"/>.</summary>
internal sealed class LogWriter : IDisposable
{
    private static readonly LogOutcome Logged = new LogOutcome.Logged();

    private readonly NewNames names;
    private readonly Dictionary<(long Candidate, long Key), MetricPoint> latest = [];
    private readonly Prepared addKey;
    private readonly Prepared findKey;
    private readonly Prepared findParam;
    private readonly Prepared addParam;
    private readonly Prepared setTag;
    private readonly Prepared addPoint;
    private readonly Prepared setLatest;

    public LogWriter(SqliteConnection connection, SqliteTransaction transaction, NewNames names)
    {
        this.names = names;
        Prepared Prepare(string sql, int parameters) => new(connection, transaction, sql, parameters);
        addKey = Prepare("INSERT INTO experiments_keys (project_id, name) VALUES (@0, @1) ON CONFLICT (project_id, name) DO NOTHING", 2);
        findKey = Prepare("SELECT id FROM experiments_keys WHERE project_id = @0 AND name = @1", 2);
        findParam = Prepare("SELECT value FROM experiments_params WHERE candidate_id = @0 AND key_id = @1", 2);
        addParam = Prepare("INSERT INTO experiments_params (candidate_id, key_id, value) VALUES (@0, @1, @2)", 3);
        setTag = Prepare(
            "INSERT INTO experiments_tags (candidate_id, key_id, value) VALUES (@0, @1, @2) ON CONFLICT (candidate_id, key_id) DO UPDATE SET value = excluded.value", 3);
        addPoint = Prepare(
            """
            INSERT INTO experiments_points (candidate_id, key_id, step, at_ms, value, is_nan) VALUES (@0, @1, @2, @3, @4, @5)
            ON CONFLICT (candidate_id, key_id, step, at_ms, value, is_nan) DO NOTHING
            """,
            6);
        setLatest = Prepare(
            """
            INSERT INTO experiments_latest (candidate_id, key_id, step, at_ms, value, is_nan) VALUES (@0, @1, @2, @3, @4, @5)
            ON CONFLICT (candidate_id, key_id) DO UPDATE SET step = excluded.step, at_ms = excluded.at_ms, value = excluded.value, is_nan = excluded.is_nan
            WHERE (excluded.step, excluded.at_ms, excluded.value) > (experiments_latest.step, experiments_latest.at_ms, experiments_latest.value)
            """,
            6);
    }

    public LogOutcome Write(LogEntry entry)
    {
        var candidate = entry.Candidate;
        if (entry.Params.Count > 0 && WriteParams(candidate, entry.Params) is { } differ)
        {
            return differ;
        }

        foreach (var named in entry.Points)
        {
            WritePoint(candidate, named);
        }

        foreach (var tag in entry.Tags)
        {
            setTag.Run(candidate.Id, KeyOf(candidate.ProjectId, tag.Name), tag.Value);
        }

        return Logged;
    }

    /// <summary>Once per transaction: the latest value of each series that got points.</summary>
    public void WriteLatest()
    {
        foreach (var ((candidate, key), point) in latest)
        {
            var isNan = double.IsNaN(point.Value);
            setLatest.Run(candidate, key, point.Step, point.AtMs, isNan ? 0.0 : point.Value, isNan ? 1L : 0L);
        }
    }

    public void Dispose()
    {
        foreach (var statement in (Prepared[])[addKey, findKey, findParam, addParam, setTag, addPoint, setLatest])
        {
            statement.Dispose();
        }
    }

    private LogOutcome.ParamsDiffer? WriteParams(Candidate candidate, IReadOnlyList<NamedText> entries)
    {
        var differ = new List<ChangedParam>();
        var fresh = new List<(long Key, string Value)>();
        foreach (var param in entries)
        {
            var key = KeyOf(candidate.ProjectId, param.Name);
            var old = (string?)findParam.Scalar(candidate.Id, key);
            if (old is null)
            {
                fresh.Add((key, param.Value));
            }
            else if (old != param.Value)
            {
                differ.Add(new ChangedParam(param.Name, old, param.Value));
            }
        }

        if (differ.Count > 0)
        {
            return new LogOutcome.ParamsDiffer(differ);
        }

        fresh.ForEach(param => addParam.Run(candidate.Id, param.Key, param.Value));
        return null;
    }

    private void WritePoint(Candidate candidate, NamedPoint named)
    {
        var key = KeyOf(candidate.ProjectId, named.Name);
        var point = named.Point with { Value = Storable(named.Point.Value) };
        var isNan = double.IsNaN(point.Value);
        addPoint.Run(candidate.Id, key, point.Step, point.AtMs, isNan ? 0.0 : point.Value, isNan ? 1L : 0L);
        if (!latest.TryGetValue((candidate.Id, key), out var known) || Compare(point, known) > 0)
        {
            latest[(candidate.Id, key)] = point;
        }
    }

    private long KeyOf(long project, string name)
    {
        if (names.TryFind(project, name, out var id))
        {
            return id;
        }

        addKey.Run(project, name);
        id = (long)findKey.Scalar(project, name)!;
        names.Add(project, name, id);
        return id;
    }

    /// <summary>Infinities become the outermost doubles; -0 becomes 0.</summary>
    private static double Storable(double value) =>
        double.IsPositiveInfinity(value) ? double.MaxValue
        : double.IsNegativeInfinity(value) ? double.MinValue
        : value == 0 ? 0.0 : value;

    private static int Compare(MetricPoint left, MetricPoint right)
    {
        static double Rank(double value) => double.IsNaN(value) ? 0 : value;
        return (left.Step, left.AtMs, Rank(left.Value)).CompareTo((right.Step, right.AtMs, Rank(right.Value)));
    }

    private sealed class Prepared : IDisposable
    {
        private readonly SqliteCommand command;

        public Prepared(SqliteConnection connection, SqliteTransaction transaction, string sql, int parameters)
        {
            command = connection.CreateCommand();
            command.Transaction = transaction;
            command.CommandText = sql;
            for (var index = 0; index < parameters; index++)
            {
                command.Parameters.Add(new SqliteParameter { ParameterName = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"@{index}") });
            }
        }

        public void Run(params ReadOnlySpan<object> values)
        {
            Bind(values);
            command.ExecuteNonQuery();
        }

        public object? Scalar(params ReadOnlySpan<object> values)
        {
            Bind(values);
            return command.ExecuteScalar();
        }

        public void Dispose() => command.Dispose();

        private void Bind(ReadOnlySpan<object> values)
        {
            for (var index = 0; index < values.Length; index++)
            {
                command.Parameters[index].Value = values[index];
            }
        }
    }
}
