using System.Globalization;

namespace Squero.Notebooks;

/// <summary>
/// Cuts a long notebook into pieces that load as the reader reaches them. A piece ends after a hundred cells or a third of a
/// megabyte of page; the link to the next one works without scripts and is replaced by its cells with them.
/// </summary>
internal sealed class CellChunk(ViewPart part, int total)
{
    private const int MaxCells = 100;
    private const int MaxLength = 350_000;

    /// <summary>Where nothing can be asked for later, this is the end: a page beyond it would not open.</summary>
    private const int MaxWhole = 12_000_000;

    private readonly int _begin = part.To.Length;

    /// <summary>The first cell of this piece.</summary>
    public int Start { get; } = part.Options.RangeUrl is null ? 0 : Math.Clamp(part.Options.Start, 0, Math.Max(0, total - 1));

    public bool IsFull(int at) => part.Options.RangeUrl is null
        ? part.To.Length - _begin > MaxWhole
        : at - Start >= MaxCells || part.To.Length - _begin > MaxLength;

    /// <summary>The address of a cell's element on the page that shows it.</summary>
    public string HrefOf(int at, string name) => part.Options.RangeUrl is { } url && total > MaxCells && (at < Start || at >= Start + MaxCells)
        ? $"{url(RangeAt(at))}#{part.Options.IdPrefix}-{name}"
        : $"#{part.Options.IdPrefix}-{name}";

    public void WriteEarlier()
    {
        if (Start > 0)
        {
            Write("nb-earlier", new CellRange(Math.Max(0, Start - MaxCells), Start), later: false);
        }
    }

    public void WriteLater(int at)
    {
        if (at >= total)
        {
            return;
        }

        if (part.Options.RangeUrl is null)
        {
            part.Gap(ViewPart.Count(total - at, "more cell") + ", not shown: download the notebook to see them");
            return;
        }

        Write("nb-later", RangeAt(at), later: true);
    }

    private CellRange RangeAt(int at) => new(at, Math.Min(total, at + MaxCells));

    private void Write(string kind, CellRange range, bool later)
    {
        part.To.Raw("<p class=\""u8);
        part.To.Raw(kind.AsSpan());
        part.To.Raw(later ? "\" data-later><a href=\""u8 : "\"><a href=\""u8);
        part.To.Text(part.Options.RangeUrl!(range));
        if (part.Options.IdPrefix is { } prefix)
        {
            part.To.Raw("#"u8);
            part.To.Text(prefix);
        }

        part.To.Raw("\">"u8);
        part.Words(string.Create(CultureInfo.InvariantCulture, $"Show cells {range.Start + 1}–{range.End} of {total}"));
        part.To.Raw("</a></p>"u8);
    }
}
