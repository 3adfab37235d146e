using CsCheck;
using Squero.Runner;

namespace Squero.Tests.Runner;

public sealed class PathPatternTests
{
    [Theory]
    [InlineData("out", "out", true)]
    [InlineData("out/", "out", true)]
    [InlineData("./out/*.txt", "out/a.txt", true)]
    [InlineData("out/*.txt", "out/b/a.txt", false)]
    [InlineData("out/**/*.txt", "out/b/c/a.txt", true)]
    [InlineData("out/**/*.txt", "out/a.txt", true)]
    [InlineData("**/*.xml", "a.xml", true)]
    [InlineData("out/**", "out/a/b", true)]
    [InlineData("out/**", "outside", false)]
    [InlineData("*.{xml,json}", "a.json", true)]
    [InlineData("*.{xml,json}", "a.txt", false)]
    [InlineData("run[0-9]?.log", "run12.log", true)]
    [InlineData("run[!0-9].log", "run1.log", false)]
    [InlineData("a.b", "axb", false)]
    [InlineData("/run/squero/builds/vision/out/x", "out/x", true)]
    [InlineData("/etc/passwd", "etc/passwd", false)]
    [InlineData("../x", "x", false)]
    [InlineData("a{b", "a{b", true)]
    [InlineData("a]b)(", "a]b)(", true)]
    public void Globs_match_as_in_shells(string pattern, string path, bool expected) =>
        Assert.Equal(expected, new PathPattern(pattern, "/run/squero/builds/vision").Matches(path));

    [Fact]
    public void No_pattern_breaks_the_matching() =>
        Gen.Select(Gen.String[Gen.Char["ab*?[]{},!^-\\/.()|$"], 0, 20], Gen.String[Gen.Char["ab/."], 0, 10]).Sample((pattern, path) => { _ = new PathPattern(pattern, "/p").Matches(path); });
}
