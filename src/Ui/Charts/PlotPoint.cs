namespace Squero.Ui;

/// <summary>A dot at shares (0 to 1) of both axes, counted from the left and from below.</summary>
/// <param name="Series">Its colour, from 1 to 8.</param>
public sealed record PlotPoint(double X, double Y, string Title, string? Href = null, int Series = 1);

/// <summary>What five numbers tell of many, as shares of an axis, and those that lie far outside.</summary>
public sealed record PlotBox(string Name, int Count, double Low, double Lower, double Middle, double Upper, double High, IReadOnlyList<PlotPoint> Outside, string Title);

/// <summary>A line over parallel axes: a share for each axis, null where it has no value.</summary>
/// <param name="Key">What rows of a table carry in data-iid.</param>
public sealed record PlotLine(string Key, IReadOnlyList<double?> Shares, string Title, string? Href, int Series);

/// <summary>A rectangle of a filled map: shares of both axes, and a level from 0 to 7.</summary>
public sealed record PlotCell(double X, double Y, double Width, double Height, int Level);
