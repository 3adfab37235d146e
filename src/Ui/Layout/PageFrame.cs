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

    /// <summary>The last step of the way, the page itself, where its title would be too long for it. Null: the title.</summary>
    public string? Step { get; init; }

    /// <summary>The way, ending at the page itself; empty for pages that stand alone (home, sign-in).</summary>
    public IReadOnlyList<Crumb> Way =>
        (Breadcrumbs.Count == 0 && Step is null) || (Breadcrumbs.Count > 0 && Breadcrumbs[^1].Href is null) ? Breadcrumbs : [.. Breadcrumbs, new Crumb(Step ?? Title)];
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
