using System.Buffers;
using System.Text;

namespace Squero.Runner;

/// <summary>
/// Replaces secrets in a stream of bytes. What could be the beginning of one is held back until the next piece decides it,
/// so that a secret is found wherever it is cut.
/// </summary>
internal sealed class SecretMask
{
    public static readonly byte[] Stars = "[MASKED]"u8.ToArray();
    private static readonly SearchValues<byte> TokenLetters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.="u8);

    private readonly byte[][] secrets;
    private readonly byte[][] prefixes;
    private readonly SearchValues<byte> firstBytes;
    private byte[] held = [];
    private bool insideToken;

    /// <param name="secrets">Texts to hide whole.</param>
    /// <param name="prefixes">Beginnings of tokens, as in <c>glpat-</c>: what follows is hidden.</param>
    public SecretMask(IEnumerable<string> secrets, IEnumerable<string> prefixes)
    {
        this.secrets = Sorted(secrets);
        this.prefixes = Sorted(prefixes);
        firstBytes = SearchValues.Create([.. this.secrets.Concat(this.prefixes).Select(bytes => bytes[0])]);
    }

    /// <summary>Writes as much as is certain.</summary>
    public void Append(ReadOnlySpan<byte> bytes, IBufferWriter<byte> output)
    {
        if (held.Length == 0)
        {
            Scan(bytes, output, last: false);
            return;
        }

        byte[] joined = [.. held, .. bytes];
        held = [];
        Scan(joined, output, last: false);
    }

    /// <summary>Writes what was held back: nothing more follows.</summary>
    public void Complete(IBufferWriter<byte> output)
    {
        var rest = held;
        held = [];
        Scan(rest, output, last: true);
    }

    private static byte[][] Sorted(IEnumerable<string> texts) =>
        [.. texts.Where(text => text.Length > 0).Distinct(StringComparer.Ordinal).Select(Encoding.UTF8.GetBytes).OrderByDescending(bytes => bytes.Length)];

    private void Scan(ReadOnlySpan<byte> text, IBufferWriter<byte> output, bool last)
    {
        while (!text.IsEmpty)
        {
            if (insideToken)
            {
                var end = text.IndexOfAnyExcept(TokenLetters);
                if (end < 0)
                {
                    return;
                }

                insideToken = false;
                text = text[end..];
            }

            var start = text.IndexOfAny(firstBytes);
            output.Write(start < 0 ? text : text[..start]);
            if (start < 0)
            {
                return;
            }

            text = text[start..];
            if (!last && MayGrow(text))
            {
                held = text.ToArray();
                return;
            }

            text = text[Replace(text, output)..];
        }
    }

    /// <summary>Whether the text ends within something that could still become a secret.</summary>
    private bool MayGrow(ReadOnlySpan<byte> text)
    {
        foreach (var secret in secrets)
        {
            if (secret.Length > text.Length && secret.AsSpan().StartsWith(text))
            {
                return true;
            }
        }

        foreach (var prefix in prefixes)
        {
            if (prefix.Length > text.Length && prefix.AsSpan().StartsWith(text))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Writes the replacement of a secret, or one byte; gives how much of the text is done with.</summary>
    private int Replace(ReadOnlySpan<byte> text, IBufferWriter<byte> output)
    {
        foreach (var secret in secrets)
        {
            if (text.StartsWith(secret))
            {
                output.Write(Stars);
                return secret.Length;
            }
        }

        foreach (var prefix in prefixes)
        {
            if (text.StartsWith(prefix))
            {
                output.Write(prefix);
                output.Write(Stars);
                insideToken = true;
                return prefix.Length;
            }
        }

        output.Write(text[..1]);
        return 1;
    }
}
