using Squero.Ui;

namespace Squero.Experiments;

/// <summary>
/// A map between measured places: each cell is the mean of all of them, weighted by the inverse square of their distance (Shepard).
/// It shows no value beyond the measured ones. Pure.
/// </summary>
internal static class ContourMap
{
    public const int Levels = 8;
    private const int Across = 48;
    private const int Up = 36;

    /// <param name="places">Shares of both axes and the value there; all finite.</param>
    public static (IReadOnlyList<PlotCell> Cells, IReadOnlyList<double> Edges) Of(IReadOnlyList<(double X, double Y, double Value)> places)
    {
        if (places.Count == 0)
        {
            return ([], []);
        }

        var (low, high) = (places.Min(place => place.Value), places.Max(place => place.Value));
        var step = (high - low) / Levels;
        var cells = new List<PlotCell>();
        for (var row = 0; row < Up; row++)
        {
            // Neighbours of one level are one rectangle.
            for (var (column, start, level) = (0, 0, LevelAt(places, 0, row, low, step)); column < Across;)
            {
                column++;
                var next = column < Across ? LevelAt(places, column, row, low, step) : -1;
                if (next != level)
                {
                    cells.Add(new PlotCell((double)start / Across, (double)row / Up, (double)(column - start) / Across, 1.0 / Up, level));
                    (start, level) = (column, next);
                }
            }
        }

        return (cells, [.. Enumerable.Range(0, Levels + 1).Select(index => low + (index * step))]);
    }

    private static int LevelAt(IReadOnlyList<(double X, double Y, double Value)> places, int column, int row, double low, double step)
    {
        var (x, y) = ((column + 0.5) / Across, (row + 0.5) / Up);
        var (sum, weights) = (0.0, 0.0);
        foreach (var place in places)
        {
            var distance = ((place.X - x) * (place.X - x)) + ((place.Y - y) * (place.Y - y));
            var weight = 1 / Math.Max(distance, 1e-9);
            sum += weight * place.Value;
            weights += weight;
        }

        return step > 0 ? Math.Clamp((int)((sum / weights - low) / step), 0, Levels - 1) : 0;
    }
}
