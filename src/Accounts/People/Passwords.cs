using Microsoft.AspNetCore.Identity;
using Squero.Kernel;

namespace Squero.Accounts;

/// <summary>Passwords that people choose: at least twelve characters, none of the well-known ones, hashed by Identity's PBKDF2 hasher.</summary>
internal sealed class Passwords
{
    // A user name of two letters is in many good passwords.
    private const int MinNameLength = 3;
    private static readonly PasswordHasher<Person> Hasher = new();
    private static readonly Person Anybody = new();

    // Verified against when there is no such person, so that a missing name takes as long as a wrong password.
    private static readonly string DecoyHash = Hasher.HashPassword(Anybody, SecretText.Create(""));

    public static string Hash(string username, string password)
    {
        Check(username, password);
        return Hasher.HashPassword(Anybody, password);
    }

    public static bool Verify(Person? person, string password)
    {
        var known = person?.PasswordHash;
        var result = Hasher.VerifyHashedPassword(Anybody, known ?? DecoyHash, password);
        return known is not null && result != PasswordVerificationResult.Failed;
    }

    private static void Check(string username, string password)
    {
        if (password.Length is < 12 or > 256)
        {
            throw Refusal.Invalid("A password has 12 to 256 characters.");
        }

        var holdsName = username.Length >= MinNameLength && password.Contains(username, StringComparison.OrdinalIgnoreCase);
        if (holdsName || password.Distinct().Count() < 5)
        {
            throw Refusal.Invalid("This password is too easy to guess: leave out your user name and use more than a few different characters.");
        }

        string[] common = ["password1234", "123456789012", "qwertyuiop12", "administrator", "letmeinletmein", "passwordpassword", "changemechangeme"];
        if (common.Contains(password, StringComparer.OrdinalIgnoreCase))
        {
            throw Refusal.Invalid("This password is on every attacker's list. Take another.");
        }
    }
}
