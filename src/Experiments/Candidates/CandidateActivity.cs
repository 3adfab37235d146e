namespace Squero.Experiments;

/// <summary>
/// When candidates last logged something, so that those whose process is gone can be told from those that think. It is written
/// at most once in ten minutes for each: a column that changed with every point would cost as much as the point.
/// </summary>
internal sealed class CandidateActivity
{
    private const int MaxKept = 100_000;
    private static readonly long Precision = (long)TimeSpan.FromMinutes(10).TotalMicroseconds;
    private readonly Dictionary<long, long> written = [];

    /// <summary>Whether <see cref="Touch"/> would have nothing to write.</summary>
    public bool IsFresh(long candidate, long nowMicros) => written.TryGetValue(candidate, out var last) && nowMicros - last < Precision;

    /// <summary>True when it has to be written again. What was written is remembered even if the commit fails: the next one is ten minutes away at most.</summary>
    public bool Touch(long candidate, long nowMicros)
    {
        if (written.TryGetValue(candidate, out var last) && nowMicros - last < Precision)
        {
            return false;
        }

        if (written.Count >= MaxKept)
        {
            written.Clear();
        }

        written[candidate] = nowMicros;
        return true;
    }

    /// <summary>So that the next thing that a lost candidate logs brings it back at once.</summary>
    public void Forget() => written.Clear();
}
