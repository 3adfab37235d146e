using Squero.Pipelines;

namespace Squero.Tests.Pipelines;

public sealed class PathGlobTests
{
    [Theory]
    [InlineData("*.md", "README.md", true)]
    [InlineData("*.md", "docs/README.md", false)]
    [InlineData("**/*.md", "README.md", true)]
    [InlineData("**/*.md", "docs/guide/README.md", true)]
    [InlineData("src/**", "src/a", true)]
    [InlineData("src/**", "src/a/b", false)]
    [InlineData("src/**/*", "src/a/b", true)]
    [InlineData("src/**/*", "src/a", true)]
    [InlineData("src/**/x/*.cs", "src/a/b/x/y.cs", true)]
    [InlineData("a**/b", "aa/b", true)]
    [InlineData("a**/b", "aa/c/b", false)]
    [InlineData("*", ".hidden", true)]
    [InlineData("**/*", ".github/x", true)]
    [InlineData("?.txt", "a.txt", true)]
    [InlineData("a?b", "a/b", false)]
    [InlineData("[ab].txt", "b.txt", true)]
    [InlineData("[a-c].txt", "d.txt", false)]
    [InlineData("[!a].txt", "b.txt", true)]
    [InlineData("[^a].txt", "a.txt", false)]
    [InlineData("a[!b]c", "a/c", false)]
    [InlineData("[a", "[a", false)]
    [InlineData("*.{yml,yaml}", "x.yaml", true)]
    [InlineData("{a,**}/b", "x/y/b", true)]
    [InlineData("{a,{b,c}d}/e", "cd/e", true)]
    [InlineData("{a,}b", "b", true)]
    [InlineData("a{b", "a{b", true)]
    [InlineData("\\*.md", "*.md", true)]
    [InlineData("\\*.md", "x.md", false)]
    [InlineData("docs/", "docs/x", false)]
    [InlineData("a.b", "axb", false)]
    [InlineData("data/(1)+.csv", "data/(1)+.csv", true)]
    [InlineData("Makefile", "Makefile", true)]
    [InlineData("makefile", "Makefile", false)]
    public void A_pattern_fits_whole_paths(string pattern, string path, bool expected) =>
        Assert.Equal(expected, PathGlob.Of(pattern).Fits(path));

    [Fact]
    public void Too_many_choices_fit_nothing_and_take_no_time()
    {
        var pattern = string.Concat(Enumerable.Repeat("{a,b}", 60));
        Assert.False(PathGlob.Of(pattern).Fits(new string('a', 60)));
    }
}
