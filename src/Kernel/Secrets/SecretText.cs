using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Squero.Kernel;

/// <summary>Tokens and passwords that the server makes: random text shown once; only its hash is stored.</summary>
public static class SecretText
{
    /// <summary>32 random bytes as URL-safe text after a prefix that tells people and scanners what it is.</summary>
    public static string Create(string prefix) => prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>A random id as other systems write them: a UUID of version 4.</summary>
    public static string CreateUuid()
    {
        var bytes = RandomNumberGenerator.GetBytes(16);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString();
    }

    /// <summary>SHA-256 in hex. Enough for random 256-bit secrets; passwords people choose go through a slow hasher.</summary>
    public static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
