using System.Text.RegularExpressions;

namespace Squero.Tests.Ui;

public sealed partial class StylesheetTests
{
    private static readonly string Source = SourceFolder();

    [Fact]
    public void Raw_colours_stand_in_the_tokens_only()
    {
        var found = Stylesheets().Where(path => Path.GetFileName(path) != "tokens.css")
            .SelectMany(path => RawColour().Matches(WithoutComments(path)).Select(match => $"{Path.GetRelativePath(Source, path)}: {match.Value}"));

        Assert.Empty(found);
    }

    [Fact]
    public void Every_token_that_is_used_is_defined()
    {
        var text = string.Concat(Stylesheets().Select(WithoutComments));
        var defined = Definition().Matches(text).Select(match => match.Groups[1].Value).ToHashSet(StringComparer.Ordinal);
        var used = Use().Matches(text).Select(match => match.Groups[1].Value).Distinct(StringComparer.Ordinal);

        Assert.Empty(used.Except(defined, StringComparer.Ordinal));
    }

    [Fact]
    public void Every_stylesheet_stands_in_a_layer() =>
        Assert.Empty(Stylesheets().Where(path => !WithoutComments(path).TrimStart().StartsWith("@layer", StringComparison.Ordinal)));

    [Fact]
    public void The_pages_before_charts_weigh_under_100_kilobytes()
    {
        var build = Path.Combine(Source, "Ui", "wwwroot", "build");

        Assert.InRange(new FileInfo(Path.Combine(build, "app.css")).Length + new FileInfo(Path.Combine(build, "app.js")).Length, 1, 100 * 1024);
    }

    private static IEnumerable<string> Stylesheets() => Directory.EnumerateDirectories(Source)
        .Select(module => Path.Combine(module, "wwwroot", "css")).Where(Directory.Exists)
        .SelectMany(folder => Directory.EnumerateFiles(folder, "*.css"));

    private static string WithoutComments(string path) => Comment().Replace(File.ReadAllText(path), "");

    private static string SourceFolder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Squero.slnx")))
            folder = folder.Parent ?? throw new InvalidOperationException("The tests run inside the source checkout.");
        return Path.Combine(folder.FullName, "src");
    }

    [GeneratedRegex(@"/\*.*?\*/", RegexOptions.Singleline)]
    private static partial Regex Comment();

    // A name of a colour counts only as the value of a property.
    [GeneratedRegex(@"#[0-9a-fA-F]{3,8}\b(?![^{}]*\{)|\b(?:rgba?|hsla?|oklch|oklab|lch|lab|hwb)\((?!from)|light-dark\(|:\s*[^;{}]*\b(?:white|black|red|green|blue|gray|grey|orange|yellow|purple|pink)\b(?!-)(?<!-\w+)[^;{}]*;", RegexOptions.IgnoreCase)]
    private static partial Regex RawColour();

    [GeneratedRegex(@"(--[\w-]+)\s*:")]
    private static partial Regex Definition();

    [GeneratedRegex(@"var\((--[\w-]+)\s*\)")]
    private static partial Regex Use();
}
