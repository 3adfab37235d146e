using System.Text;

namespace Squero.Notebooks;

/// <summary>What running a notebook writes anew and says nothing about its content: one line, and every single item on demand.</summary>
internal sealed class NoiseView(ViewPart part)
{
    private const int MaxRows = 400;
    private const int MaxText = 160;

    public void Write(NotebookDiff diff)
    {
        var cells = diff.Cells.Where(cell => cell.CountNoise || cell.MetadataNoise).ToList();
        var words = Kinds(diff, cells);
        if (words.Count == 0)
        {
            return;
        }

        part.Fold("nb-noise", string.Join(", ", words) + " regenerated", () => Items(diff, cells));
    }

    private static List<string> Kinds(NotebookDiff diff, List<CellDiff> cells)
    {
        var words = new List<string>();
        Add(words, diff.Counts.NoiseExecutionCounts, "execution count");
        Add(words, cells.Count(IdDiffers), "id");
        Add(words, cells.Count(cell => cell.MetadataNoise && !IdDiffers(cell)), "cell's tool metadata", "cells' tool metadata");
        if (diff.NotebookMetadataDiffers)
        {
            words.Add("kernel and notebook metadata");
        }

        return words;
    }

    private static void Add(List<string> words, int count, string one, string? many = null)
    {
        if (count > 0)
        {
            words.Add(ViewPart.Count(count, one, many));
        }
    }

    private static bool IdDiffers(CellDiff cell) => cell is { Before: { } old, After: { } now } && old.Id != now.Id;

    private void Items(NotebookDiff diff, List<CellDiff> cells)
    {
        part.To.Raw("<ul class=\"nb-noise-list\">"u8);
        var rows = 0;
        foreach (var cell in cells.TakeWhile(_ => rows <= MaxRows))
        {
            rows++;
            part.To.Raw("<li>"u8);
            part.Words($"Cell {cell.Shown.Index + 1}: {string.Join("; ", OfCell(cell.Before!, cell.After!))}");
            part.To.Raw("</li>"u8);
        }

        if (diff.NotebookMetadataDiffers)
        {
            foreach (var item in Members("", diff.Before.Json, diff.Before.MetadataSlice, diff.After.Json, diff.After.MetadataSlice))
            {
                part.To.Raw("<li>"u8);
                part.Words("Notebook: " + item);
                part.To.Raw("</li>"u8);
            }
        }

        part.To.Raw("</ul>"u8);
        if (cells.Count > rows)
        {
            part.Gap(ViewPart.Count(cells.Count - rows, "more cell"));
        }
    }

    private static IEnumerable<string> OfCell(Cell old, Cell now)
    {
        var items = new List<string>();
        if (old.ExecutionCount != now.ExecutionCount)
        {
            items.Add($"execution count {Number(old.ExecutionCount)} → {Number(now.ExecutionCount)}");
        }

        if (old.Id != now.Id)
        {
            items.Add($"id {Cut(old.Id ?? "none")} → {Cut(now.Id ?? "none")}");
        }

        items.AddRange(Members("", old.Json, old.MetadataSlice, now.Json, now.MetadataSlice));
        return items.Count > 0 ? items : ["execution counts or metadata of its outputs"];
    }

    private static List<string> Members(string before, ReadOnlySpan<byte> oldJson, JsonSlice old, ReadOnlySpan<byte> newJson, JsonSlice now)
    {
        var items = new List<string>();
        var was = JsonMember.All(oldJson, old);
        var has = JsonMember.All(newJson, now);
        foreach (var key in was.Keys.Union(has.Keys, StringComparer.Ordinal).Take(50))
        {
            var (left, right) = (was.GetValueOrDefault(key), has.GetValueOrDefault(key));
            if (JsonMeaning.Same(oldJson, left, newJson, right))
            {
                continue;
            }

            items.Add(key == "widgets" ? "saved state of widgets" : $"{before}{Cut(key)} {Show(oldJson, left)} → {Show(newJson, right)}");
        }

        return items;
    }

    private static string Number(int? count) => count?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none";

    private static string Show(ReadOnlySpan<byte> json, JsonSlice value) => !value.IsPresent ? "none"
        : Cut(string.Join(' ', Encoding.UTF8.GetString(value.Of(json)[..Math.Min(value.Length, MaxText * 4)]).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));

    private static string Cut(string text) => text.Length <= MaxText ? text : text[..MaxText] + "…";
}
