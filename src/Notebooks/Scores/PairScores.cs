using System.Text.Json;

namespace Squero.Notebooks;

/// <summary>What can be said of the quality of one pair's diff; null where the files tell nothing.</summary>
internal sealed record PairScores(AlignmentScore? Alignment, ReadingCost? Cost, int? Silent)
{
    public static PairScores Of(NotebookPair pair)
    {
        var (before, after) = (Notebook.Parse(pair.Before), Notebook.Parse(pair.After));
        var diff = NotebookDiff.Between(before, after);
        var withoutIds = NotebookDiff.Between(before, after, new DiffOptions { IgnoreIds = true });
        return new PairScores(AlignmentScore.Of(withoutIds), ReadingCost.Of(diff), SilentChanges.Count(diff, pair.Before, pair.After));
    }

    public void Write(Utf8JsonWriter json)
    {
        if (Alignment is { } alignment)
        {
            json.WriteStartObject("alignment");
            json.WriteNumber("paired", alignment.Paired);
            json.WriteNumber("right", alignment.Right);
            json.WriteNumber("true", alignment.True);
            json.WriteNumber("moves_shown", alignment.MovesShown);
            json.WriteNumber("moves_right", alignment.MovesRight);
            json.WriteNumber("moves_true", alignment.MovesTrue);
            json.WriteBoolean("hard", alignment.Hard);
            json.WriteEndObject();
        }

        if (Cost is { } cost)
        {
            json.WriteNumber("lines_shown", cost.Shown);
            json.WriteNumber("lines_floor", cost.Floor);
        }

        if (Silent is { } silent)
        {
            json.WriteNumber("silent", silent);
        }
    }
}
