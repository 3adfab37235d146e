using System.Runtime.InteropServices;

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

/// <summary>Writes the entries of one transaction of <see cref="CandidateLog"/>.</summary>
internal sealed class LogWriter(LogStatements statements, NewNames names, CandidateActivity activity, long firstRowId, long nowMicros)
{
    private static readonly LogOutcome Logged = new LogOutcome.Logged();

    private readonly List<long> revived = [];
    private readonly Dictionary<SeriesKey, LatestPoint> series = [];
    private readonly Dictionary<long, long> numbers = [];

    /// <summary>The id of the next row of the tail.</summary>
    public long NextRowId { get; private set; } = firstRowId;

    /// <summary>How many points were written.</summary>
    public long Points { get; private set; }

    /// <summary>Candidates that counted as lost and have logged again.</summary>
    public IReadOnlyList<long> Revived => revived;

    /// <summary>The series that got points.</summary>
    public IReadOnlyCollection<SeriesKey> Series => series.Keys;

    public Candidate Start(NewCandidate start, string uid)
    {
        var projectId = start.Experiment.ProjectId;
        var candidate = new Candidate
        {
            Uid = uid,
            ProjectId = projectId,
            ExperimentId = start.Experiment.Id,
            Iid = NumberIn(projectId),
            Name = start.Name,
            Status = CandidateStatus.Running,
            StartedUs = start.StartedUs,
            CreatedUs = nowMicros,
            PersonId = start.PersonId,
            UserName = start.UserName,
            JobId = start.Origin?.JobId,
            PipelineId = start.Origin?.PipelineId,
            Sha = start.Origin?.Sha,
            Ref = start.Origin?.Ref,
        };
        candidate = candidate with { Id = statements.AddCandidate(candidate) };
        WriteTags(candidate, start.Tags);
        return candidate;
    }

    /// <param name="parcels">The entry's points.</param>
    public LogOutcome Write(LogEntry entry, SeriesParcel[] parcels)
    {
        var candidate = entry.Candidate;
        if (entry.Params.Count > 0 && WriteParams(candidate, entry.Params) is { } differ)
        {
            return differ;
        }

        foreach (var parcel in parcels)
        {
            WritePoints(candidate, parcel);
        }

        WriteTags(candidate, entry.Tags);
        if (activity.Touch(candidate.Id, nowMicros) && statements.Touch(candidate.Id, nowMicros) == CandidateStatus.Lost)
        {
            revived.Add(candidate.Id);
        }

        return Logged;
    }

    /// <summary>Once per transaction: the latest value of each series that got points.</summary>
    public void WriteLatest()
    {
        foreach (var (key, latest) in series)
        {
            statements.SetLatest(key, latest);
        }

        statements.Complete();
    }

    /// <summary>The next number of a project: nobody else gives one while this transaction lasts, so it is looked up once.</summary>
    private long NumberIn(long project) =>
        numbers[project] = numbers.TryGetValue(project, out var last) ? last + 1 : statements.NextIid(project);

    private void WriteTags(Candidate candidate, IReadOnlyList<NamedText> tags)
    {
        foreach (var tag in tags)
        {
            statements.SetTag(candidate, KeyOf(candidate.ProjectId, tag.Name), tag.Value);
        }
    }

    private LogOutcome.ParamsDiffer? WriteParams(Candidate candidate, IReadOnlyList<NamedText> entries)
    {
        var differ = new List<ChangedParam>();
        var fresh = new List<(long Key, string Value)>();
        foreach (var param in entries)
        {
            var key = KeyOf(candidate.ProjectId, param.Name);
            var old = statements.ParamOf(candidate.Id, key);
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

        fresh.ForEach(param => statements.AddParam(candidate, param.Key, param.Value));
        return null;
    }

    private void WritePoints(Candidate candidate, SeriesParcel parcel)
    {
        var key = new SeriesKey(candidate.Id, KeyOf(candidate.ProjectId, parcel.Name));
        if (parcel.Body is { } body)
        {
            statements.AddPacked(NextRowId++, key, parcel.Points[0], parcel.Points.Length, body);
        }
        else
        {
            foreach (var point in parcel.Points)
            {
                statements.AddPoint(NextRowId++, key, point);
            }
        }

        Points += parcel.Points.Length;
        ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(series, key, out var exists);
        if (!exists)
        {
            known = new LatestPoint(candidate.ExperimentId, parcel.Latest, parcel.IsCurve);
            return;
        }

        var isCurve = known.IsCurve || parcel.IsCurve || parcel.Latest.Step != known.Point.Step || parcel.Latest.AtMs != known.Point.AtMs;
        var isLater = SeriesOrder.ByStep.Compare(parcel.Latest, known.Point) > 0;
        known = known with { Point = isLater ? parcel.Latest : known.Point, IsCurve = isCurve };
    }

    private long KeyOf(long project, string name)
    {
        if (!names.TryFind(project, name, out var id))
        {
            id = statements.KeyOf(project, name);
            names.Add(project, name, id);
        }

        return id;
    }
}
