using System.Collections.Concurrent;
using Squero.Kernel;

namespace Squero.Accounts;

/// <summary>Slows guessing: at most ten failed sign-ins for one name in five minutes, kept in memory.</summary>
internal sealed class SignInAttempts(TimeProvider time)
{
    private const int Limit = 10;
    private static readonly long Window = (long)TimeSpan.FromMinutes(5).TotalMicroseconds;
    private readonly ConcurrentDictionary<string, (long Since, int Failures)> failures = new(StringComparer.OrdinalIgnoreCase);

    public void Check(string username)
    {
        if (failures.TryGetValue(username, out var seen) && seen.Failures >= Limit && time.NowMicros() - seen.Since < Window)
        {
            throw new Refusal(RefusalKind.TooMany, "Too many failed attempts for this name. Wait five minutes and try again.");
        }
    }

    public void Failed(string username)
    {
        if (failures.Count > 10_000)
        {
            failures.Clear();
        }

        var now = time.NowMicros();
        failures.AddOrUpdate(
            username,
            _ => (now, 1),
            (_, seen) => now - seen.Since < Window ? (seen.Since, seen.Failures + 1) : (now, 1));
    }

    public void Succeeded(string username) => failures.TryRemove(username, out _);
}
