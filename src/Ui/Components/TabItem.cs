namespace Squero.Ui;

/// <summary>One view among several of the same thing.</summary>
public sealed record TabItem(string Text, string Href, bool Current = false, int? Count = null);

/// <summary>One option of a select.</summary>
public sealed record Choice(string Value, string Text);
