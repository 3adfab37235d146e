using System.Security.Cryptography;
using System.Text;
using Squero.Kernel;

namespace Squero.Pipelines;

/// <summary>Keeps secrets unreadable in the database: AES-256-GCM with a key file beside it (mode 0600). Backups of the one without the other tell nothing.</summary>
internal sealed class SecretBox(DataFolder data)
{
    private const string KeyFile = "variables.key";
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private readonly Lock gate = new();
    private byte[]? key;

    public byte[] Seal(string secret)
    {
        var text = Encoding.UTF8.GetBytes(secret);
        var box = new byte[NonceBytes + TagBytes + text.Length];
        var nonce = box.AsSpan(0, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var cipher = new AesGcm(Key(), TagBytes);
        cipher.Encrypt(nonce, text, box.AsSpan(NonceBytes + TagBytes), box.AsSpan(NonceBytes, TagBytes));
        return box;
    }

    public string Open(byte[] box)
    {
        var text = new byte[box.Length - NonceBytes - TagBytes];
        using var cipher = new AesGcm(Key(), TagBytes);
        cipher.Decrypt(box.AsSpan(0, NonceBytes), box.AsSpan(NonceBytes + TagBytes), box.AsSpan(NonceBytes, TagBytes), text);
        return Encoding.UTF8.GetString(text);
    }

    private byte[] Key()
    {
        lock (gate)
        {
            if (key is null)
            {
                if (!File.Exists(data.File(KeyFile)))
                {
                    data.WritePrivate(KeyFile, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)));
                }

                key = Convert.FromHexString(File.ReadAllText(data.File(KeyFile)).Trim());
            }

            return key;
        }
    }
}
