namespace Squero.Ui;

/// <summary>A relative address found in a text, and whether it is that of an image.</summary>
public readonly record struct LinkTarget(string Address, bool IsImage);
