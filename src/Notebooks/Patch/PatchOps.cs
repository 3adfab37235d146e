namespace Squero.Notebooks;

/// <summary>
/// How the new file is put together, from its first byte to its last: stretches copied from the old file and stretches
/// that are new. Neighbouring stretches of one kind are one.
/// </summary>
internal sealed class PatchOps
{
    /// <summary>A shorter copy between new stretches costs more to tell than its bytes.</summary>
    private const int Worthwhile = 12;

    private readonly List<PatchOp> _ops = [];

    /// <summary>Bytes of the new file told so far.</summary>
    public int Length { get; private set; }

    public void Copy(int from, int length) => Add(new PatchOp(from, length));

    public void Insert(int length) => Add(new PatchOp(-1, length));

    /// <summary>Without copies that are not worth it.</summary>
    public List<PatchOp> Finish()
    {
        var kept = new PatchOps();
        for (var at = 0; at < _ops.Count; at++)
        {
            var op = _ops[at];
            var lonely = op.IsCopy && op.Length < Worthwhile && (at == 0 || !_ops[at - 1].IsCopy) && (at == _ops.Count - 1 || !_ops[at + 1].IsCopy) && _ops.Count > 1;
            kept.Add(lonely ? op with { From = -1 } : op);
        }

        return kept._ops;
    }

    private void Add(PatchOp op)
    {
        if (op.Length == 0)
        {
            return;
        }

        Length += op.Length;
        if (_ops.Count > 0 && _ops[^1].IsFollowedBy(op))
        {
            _ops[^1] = _ops[^1] with { Length = _ops[^1].Length + op.Length };
            return;
        }

        _ops.Add(op);
    }
}

/// <summary>Length bytes copied from the old file at From, or, where From is -1, new ones.</summary>
internal readonly record struct PatchOp(int From, int Length)
{
    public bool IsCopy => From >= 0;

    public bool IsFollowedBy(PatchOp next) => IsCopy ? next.From == From + Length : !next.IsCopy;
}
