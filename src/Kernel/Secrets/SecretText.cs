using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Squero.Kernel;

/// <summary>Tokens and passwords that the server makes: random text shown once; only its hash is stored.</summary>
public static class SecretText
{
    /// <summary>32 random bytes as URL-safe text after a prefix that tells people and scanners what it is.</summary>
    public static string Create(string prefix) => prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>SHA-256 in hex. Enough for random 256-bit secrets; passwords people choose go through a slow hasher.</summary>
    public static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
