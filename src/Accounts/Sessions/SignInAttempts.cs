using System.Collections.Concurrent;
using Squero.Kernel;

namespace Squero.Accounts;

/// <summary>Slows guessing: at most ten failed sign-ins for one name in five minutes, kept in memory.</summary>
internal sealed class SignInAttempts(TimeProvider time)
{
    private const int Limit = 10;
    private const int MaxNames = 10_000;
    private const int MaxNameLength = 64;
    private static readonly long Window = (long)TimeSpan.FromMinutes(5).TotalMicroseconds;
    private readonly ConcurrentDictionary<string, (long Since, int Count)> attempts = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Counts an attempt before the password is looked at, so that guesses sent all at once are counted too.</summary>
    public void Begin(string username)
    {
        if (attempts.Count >= MaxNames)
        {
            Forget();
        }

        var now = time.NowMicros();
        var seen = attempts.AddOrUpdate(
            Key(username),
            _ => (now, 1),
            (_, before) => now - before.Since < Window ? (before.Since, Math.Min(before.Count + 1, Limit + 1)) : (now, 1));
        if (seen.Count > Limit)
        {
            throw new Refusal(RefusalKind.TooMany, "Too many failed attempts for this name. Wait five minutes and try again.");
        }
    }

    public void Succeeded(string username) => attempts.TryRemove(Key(username), out _);

    /// <summary>What is over goes first; then names that may still be tried, never those that have to wait.</summary>
    private void Forget()
    {
        var now = time.NowMicros();
        foreach (var (name, seen) in attempts)
        {
            if (now - seen.Since >= Window || seen.Count < Limit)
            {
                attempts.TryRemove(name, out _);
            }
        }
    }

    private static string Key(string username) => username.Length > MaxNameLength ? username[..MaxNameLength] : username;
}
