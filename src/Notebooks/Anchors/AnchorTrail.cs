namespace Squero.Notebooks;

/// <summary>
/// Follows one anchor from version to version. Step by step, because two neighbours differ less than a first and a last
/// version; and back to where it was last seen when a step lost it, so that what is taken back is found again.
/// </summary>
public sealed class AnchorTrail
{
    private readonly Func<Notebook, Notebook, NotebookDiff> _compare;
    private readonly string _text;
    private readonly (NotebookAnchor Anchor, Notebook Notebook) _first;

    // Where the place itself was last seen, and where at least its cell was.
    private (NotebookAnchor Anchor, Notebook Notebook) _place;
    private (NotebookAnchor Anchor, Notebook Notebook) _cell;

    /// <param name="anchor">A place in the first version.</param>
    /// <param name="first">The version in which it was made.</param>
    /// <param name="compare">Callers with many anchors hand in comparisons they keep.</param>
    public AnchorTrail(NotebookAnchor anchor, Notebook first, Func<Notebook, Notebook, NotebookDiff>? compare = null)
    {
        _compare = compare ?? ((before, after) => NotebookDiff.Between(before, after));
        _first = _place = _cell = (anchor, first);
        _text = AnchorText.Of(anchor, first) ?? "";
        Now = anchor.Part == AnchorPart.Notebook || AnchorText.CellOf(anchor, first) is not null
            ? new AnchorPlacement.OnLine(anchor)
            : new AnchorPlacement.Gone(_text);
    }

    /// <summary>Where it stands in the version of the last step.</summary>
    public AnchorPlacement Now { get; private set; }

    /// <summary>The next version of the file.</summary>
    public void Step(Notebook next)
    {
        var onward = Follow(_cell, next);
        if (onward is not AnchorPlacement.OnLine || _cell != _place)
        {
            // What was seen last may be back, word for word.
            var back = _cell == _place ? onward : Follow(_place, next);
            onward = back is AnchorPlacement.OnLine || onward is AnchorPlacement.Gone ? back : Outdated(onward, back);
        }

        // What it was taken for since may be gone, and what it was made on be back.
        if (onward is AnchorPlacement.Gone && Follow(_first, next) is AnchorPlacement.OnLine origin)
        {
            onward = origin;
        }

        switch (onward)
        {
            case AnchorPlacement.OnLine found:
                _place = _cell = (found.Anchor, next);
                Now = found;
                break;
            case AnchorPlacement.OnCell found:
                _cell = (found.Anchor, next);
                Now = new AnchorPlacement.OnCell(found.Anchor, _text);
                break;
            default:
                Now = new AnchorPlacement.Gone(_text);
                break;
        }
    }

    /// <summary>The cell is followed as it went on; what it was about is not there, whatever the last step says.</summary>
    private AnchorPlacement Outdated(AnchorPlacement onward, AnchorPlacement back) => onward switch
    {
        AnchorPlacement.OnLine cell => new AnchorPlacement.OnCell(cell.Anchor, _text),
        AnchorPlacement.OnCell cell => cell,
        _ => back,
    };

    private AnchorPlacement Follow((NotebookAnchor Anchor, Notebook Notebook) from, Notebook next) =>
        ReferenceEquals(from.Notebook, next) ? new AnchorPlacement.OnLine(from.Anchor) : AnchorPlacement.Follow(from.Anchor, _compare(from.Notebook, next));
}
