using Squero.Notebooks;

namespace Squero.Tests.Notebooks;

/// <summary>Which cell is which when no id says it: principles one by one, then generated histories that know the truth.</summary>
public sealed class AlignmentTests
{
    private const string Load = "frame = load('churn.csv')\nframe = frame.dropna()\nprint(frame.shape, 'rows')";
    private const string Fit = "model = fit(frame, rate=3)\nscore = model.score(frame)\nprint('score', score)";
    private const string Plot = "plt.plot(losses, label='loss')\nplt.title('loss by epoch')\nplt.show()";

    [Fact]
    public void A_cell_that_moved_alone_and_says_much_else_came_anew()
    {
        var section = "## 7.3 Creating loaders for a dataset of prices";
        var before = Made.Notebook(Made.Prose(section), Made.Code(Load), Made.Code(Fit), Made.Code(Plot));
        var after = Made.Notebook(Made.Prose("## 7.3 Organizing prices into batches"), Made.Code(Load), Made.Code(Fit), Made.Prose("## 7.4 Creating loaders for a dataset of prices"), Made.Code(Plot));

        Assert.Equal([0, 1, 2, -1, 3], OldOf(before, after));
    }

    [Fact]
    public void Edited_cells_that_moved_together_are_followed()
    {
        var before = Made.Notebook(Made.Code(Load), Made.Code(Fit), Made.Prose("# Why"), Made.Prose("Because it is so."), Made.Code(Plot));
        var after = Made.Notebook(Made.Prose("# Why"), Made.Prose("Because it is so."), Made.Code(Plot), Made.Code(Load + "\nframe.head()"), Made.Code(Fit.Replace("rate=3", "rate=5, seed=1", StringComparison.Ordinal)));

        Assert.Equal([2, 3, 4, 0, 1], OldOf(before, after));
    }

    [Fact]
    public void A_text_that_moved_alone_is_followed_while_all_of_it_is_there()
    {
        var before = Made.Notebook(Made.Code("phonebook['Kramer'] = find('555-FILK')"), Made.Code(Load), Made.Code(Fit), Made.Code(Plot));
        var after = Made.Notebook(Made.Code(Load), Made.Code(Fit), Made.Code(Plot), Made.Code("phonebook['Kramer'] = find('555-FILK')  # edited"));

        Assert.Equal([1, 2, 3, 0], OldOf(before, after));
    }

    [Fact]
    public void Generated_histories_are_aligned_without_their_ids()
    {
        int paired = 0, right = 0, wanted = 0, moved = 0, rightly = 0, moves = 0;
        for (var seed = 0; seed < 120; seed++)
        {
            var random = new Random(9_000 + seed);
            var edits = new DraftEdits(random, new DraftIdentities(random));
            var first = edits.Begin(random.Next(6, 40));
            var last = Enumerable.Range(0, random.Next(1, 6)).Aggregate(first, (draft, _) => edits.Change(draft));
            var after = Notebook.Parse((last with { Layout = last.Layout with { WithIds = true } }).ToBytes());
            if (AlignmentScore.Of(NotebookDiff.Between(Notebook.Parse(first.ToBytes()), after, new DiffOptions { IgnoreIds = true })) is { } score)
            {
                (paired, right, wanted) = (paired + score.Paired, right + score.Right, wanted + score.True);
                (moved, rightly, moves) = (moved + score.MovesShown, rightly + score.MovesRight, moves + score.MovesTrue);
            }
        }

        // Splits and copies are told from their originals by nothing but the hidden ids: 1.00 is out of reach here.
        Assert.InRange((double)right / paired, 0.97, 1);
        Assert.InRange((double)right / wanted, 0.97, 1);
        Assert.InRange((double)rightly / moved, 0.94, 1);
        Assert.InRange((double)rightly / moves, 0.88, 1);
    }

    private static int[] OldOf(Notebook before, Notebook after)
    {
        var diff = NotebookDiff.Between(before, after, new DiffOptions { IgnoreIds = true });
        return [.. after.Cells.Select(cell => diff.CellOfNew(cell.Index)!.Before?.Index ?? -1)];
    }
}
