namespace Squero.Kernel;

/// <summary>Which page of a list is wanted: numbered from 1, at most 100 rows each.</summary>
public sealed record PageRequest(int Number, int Size)
{
    public const int MaxSize = 100;

    public static PageRequest First { get; } = new(1, 20);

    public int Skip => (Number - 1) * Size;

    /// <summary>Reads ?page= and ?per_page=; anything out of range becomes the nearest legal value.</summary>
    public static PageRequest From(string? page, string? perPage) =>
        new(
            int.TryParse(page, out var number) ? Math.Clamp(number, 1, 1_000_000) : 1,
            int.TryParse(perPage, out var size) ? Math.Clamp(size, 1, MaxSize) : 20);
}

/// <summary>One page of a list and how many rows there are in all.</summary>
public sealed record Page<T>(IReadOnlyList<T> Rows, long Total, PageRequest Request)
{
    public bool HasNext => (long)Request.Number * Request.Size < Total;
}
