using System.Text;

namespace Squero.Ui;

/// <summary>Encoding for those who write HTML into a string builder.</summary>
public static class Html
{
    /// <summary>
    /// Safe as text and within a double-quoted attribute. Control characters other than tab and line feed become
    /// the replacement character; so do the marks that turn the direction of text, because they make code
    /// read differently from what it does.
    /// </summary>
    public static void Append(StringBuilder to, ReadOnlySpan<char> text)
    {
        foreach (var letter in text)
        {
            switch (letter)
            {
                case '<': to.Append("&lt;"); break;
                case '>': to.Append("&gt;"); break;
                case '&': to.Append("&amp;"); break;
                case '"': to.Append("&quot;"); break;
                case '\'': to.Append("&#39;"); break;
                case '\r': break;
                case < ' ' and not '\t' and not '\n':
                case '\u007f':
                case >= '\u202a' and <= '\u202e':
                case >= '\u2066' and <= '\u2069':
                    to.Append('\ufffd');
                    break;
                default: to.Append(letter); break;
            }
        }
    }

    public static string Encode(string text)
    {
        var to = new StringBuilder(text.Length + 16);
        Append(to, text);
        return to.ToString();
    }
}
