namespace Squero.Ui;

/// <summary>Where a page stands: its title, the way to it, the row of areas and who is reading.</summary>
public sealed record PageFrame(
    string Title,
    IReadOnlyList<Crumb> Breadcrumbs,
    IReadOnlyList<NavItem>? Nav = null,
    PersonMenu? Person = null)
{
    /// <summary>Lets the content take the full width of the window: long tables and diffs.</summary>
    public bool Wide { get; init; }
}

/// <summary>One step of the way to a page; without an address it is the page itself.</summary>
public sealed record Crumb(string Text, string? Href = null);

/// <summary>One entry of a row of links.</summary>
public sealed record NavItem(string Text, string Href, bool Current = false, int? Count = null);

/// <summary>Who is reading, the links of their menu and the address that a sign-out form posts to.</summary>
public sealed record PersonMenu(string Name, string Href, IReadOnlyList<NavItem> Items, string SignOutAction);

/// <summary>Answers who is reading; null for a visitor. The module that signs people in registers one.</summary>
public interface IPersonMenuSource
{
    ValueTask<PersonMenu?> FindAsync(Microsoft.AspNetCore.Http.HttpContext http, CancellationToken cancel);
}
