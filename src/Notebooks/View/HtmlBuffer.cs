using System.Buffers;
using System.Globalization;
using System.Text;

namespace Squero.Notebooks;

/// <summary>Writes UTF-8 HTML: markup as literals, everything else escaped.</summary>
internal sealed class HtmlBuffer
{
    private static readonly SearchValues<char> Special = SearchValues.Create(MakeSpecial());

    private byte[] _bytes = new byte[16 * 1024];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>Markup of ours.</summary>
    public void Raw(ReadOnlySpan<byte> markup)
    {
        Reserve(markup.Length);
        markup.CopyTo(_bytes.AsSpan(Length));
        Length += markup.Length;
    }

    /// <summary>Markup of ours or of the page that contributes it.</summary>
    public void Raw(ReadOnlySpan<char> markup) => Plain(markup);

    public void Number(int number)
    {
        Reserve(11);
        number.TryFormat(_bytes.AsSpan(Length), out var written, provider: CultureInfo.InvariantCulture);
        Length += written;
    }

    /// <summary>Text of a stranger, for content and for attributes in double quotes.</summary>
    public void Text(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            var at = text.IndexOfAny(Special);
            if (at < 0)
            {
                Plain(text);
                return;
            }

            Plain(text[..at]);
            Escape(text[at]);
            text = text[(at + 1)..];
        }
    }

    /// <summary>Overwrites earlier bytes with as many others.</summary>
    public void Patch(int at, ReadOnlySpan<byte> bytes) => bytes.CopyTo(_bytes.AsSpan(at));

    /// <summary>Forgets what was written since.</summary>
    public void CutTo(int length) => Length = length;

    public void CopyTo(IBufferWriter<byte> to) => to.Write(Written);

    public override string ToString() => Encoding.UTF8.GetString(Written);

    private void Escape(char c)
    {
        switch (c)
        {
            case '<':
                Raw("&lt;"u8);
                break;
            case '>':
                Raw("&gt;"u8);
                break;
            case '&':
                Raw("&amp;"u8);
                break;
            case '"':
                Raw("&#34;"u8);
                break;
            case '\'':
                Raw("&#39;"u8);
                break;
            case '\r':
                break;
            case < ' ' or '\x7f':
                Raw("\uFFFD"u8);
                break;
            default:
                // Direction overrides make code read other than it runs: show them.
                Raw(string.Create(CultureInfo.InvariantCulture, $"⟦U+{(int)c:X4}⟧").AsSpan());
                break;
        }
    }

    private void Plain(ReadOnlySpan<char> text)
    {
        Reserve(text.Length * 3);
        Length += Encoding.UTF8.GetBytes(text, _bytes.AsSpan(Length));
    }

    private void Reserve(int more)
    {
        if (Length + more > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + more));
        }
    }

    private static string MakeSpecial()
    {
        var special = new StringBuilder("<>&\"'\x7f\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069");
        for (var c = '\0'; c < ' '; c++)
        {
            if (c is not '\n' and not '\t')
            {
                special.Append(c);
            }
        }

        return special.ToString();
    }
}
