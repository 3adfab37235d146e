using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Squero.Notebooks;

/// <summary>Gives every cell of the result the id it has, ours' before theirs', and a new one where there is none or two have it.</summary>
internal static class CellIds
{
    public static void Assign(IReadOnlyList<MergedCell> cells, MergeSides sides)
    {
        var demanded = sides.FormatMajor > 4 || sides.FormatMajor == 4 && sides.FormatMinor >= 5;
        var known = sides.Ours.Cells.Concat(sides.Theirs.Cells).Select(cell => cell.Id).OfType<string>().ToHashSet(StringComparer.Ordinal);
        if (!demanded && !sides.Ours.Cells.Any(cell => CellPart.Id(cell) is not null))
        {
            return;
        }

        var used = new HashSet<string>(StringComparer.Ordinal);
        foreach (var cell in cells.Where(cell => cell.Triple.Ours is not null).Concat(cells.Where(cell => cell.Triple.Ours is null)))
        {
            foreach (var side in new[] { cell.Triple.Ours, cell.Triple.Theirs })
            {
                if (cell.Id is null && side is not null && CellPart.Id(side) is { Length: > 0 } id && used.Add(id))
                {
                    cell.Id = id;
                }
            }
        }

        for (var place = 0; place < cells.Count && demanded; place++)
        {
            cells[place].Id ??= Fresh(cells[place].Shown, place, known, used);
        }
    }

    /// <summary>Eight digits made of the content, so that the same merge gives the same file.</summary>
    private static string Fresh(Cell cell, int place, HashSet<string> known, HashSet<string> used)
    {
        for (var attempt = 0; ; attempt++)
        {
            var text = string.Create(CultureInfo.InvariantCulture, $"{place} {attempt} {cell.Source}");
            var id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 4));
            if (!known.Contains(id) && used.Add(id))
            {
                return id;
            }
        }
    }
}
