using Squero.Pipelines;

namespace Squero.Tests.Pipelines;

public sealed class ExpressionTests
{
    [Theory]
    [InlineData("$A == \"x\"", "A=x", true)]
    [InlineData("\"x\" == $A", "A=x", true)]
    [InlineData("$A == 'x'", "A=x", true)]
    [InlineData("$A != \"x\"", "A=x", false)]
    [InlineData("$A == $B", "A=1,B=1", true)]
    [InlineData("$A == $B", "A=1,B=2", false)]
    [InlineData("$A == null", "", true)]
    [InlineData("$A == null", "A=", false)]
    [InlineData("$A == \"\"", "A=", true)]
    [InlineData("$A == \"\"", "", false)]
    [InlineData("$A != null", "A=", true)]
    [InlineData("$A", "A=", false)]
    [InlineData("$A", "A= ", false)]
    [InlineData("$A", "A=false", true)]
    [InlineData("$A || $B && $C", "A=1", true)]
    [InlineData("($A || $B) && $C", "A=1", false)]
    [InlineData("$A && $B || $C", "C=1", true)]
    [InlineData("!$A", "", true)]
    [InlineData("!$A && $B", "B=1", true)]
    [InlineData("!($A && $B)", "A=1,B=1", false)]
    [InlineData("!$A == null", "", false)]
    [InlineData("$A =~ /b+/", "A=abbc", true)]
    [InlineData("$A =~ /^b/", "A=abbc", false)]
    [InlineData("$A =~ /BB/i", "A=abbc", true)]
    [InlineData("$A !~ /z+/", "A=abbc", true)]
    [InlineData("$A =~ /^$|x/", "", true)]
    [InlineData("$A =~ /^feat\\/.+/", "A=feat/one", true)]
    [InlineData("$A =~ $B", "A=abc,B=/^ab/", true)]
    [InlineData("$A =~ $B", "A=abc", false)]
    [InlineData("$A !~ $B", "A=abc", true)]
    [InlineData("$A =~ /a.c/s && ($B == \"2\" || $C)", "A=abc,B=2", true)]
    [InlineData("$A =~ /c$/", "A=abc\n", false)]
    [InlineData("$A =~ /c$/m", "A=abc\nd", true)]
    [InlineData("$A=~/ab/&&$B==\"1\"", "A=ab,B=1", true)]
    public void A_condition_holds_or_not(string text, string variables, bool expected)
    {
        var values = variables.Split(',', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        var expression = Expression.TryParse(text, out var problem);
        Assert.True(expression is not null, problem);
        Assert.Equal(expected, expression.Holds(values.GetValueOrDefault));
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("$A ==", "ends where")]
    [InlineData("== $A", "where a value")]
    [InlineData("($A", "parenthesis")]
    [InlineData("$A)", "out of place")]
    [InlineData("$A $B", "out of place")]
    [InlineData("${A}", "braces")]
    [InlineData("$A == \"x", "closing quote")]
    [InlineData("$A =~ /x", "closing slash")]
    [InlineData("$A =~ /./", "more than one character")]
    [InlineData("$A =~ /(?=x)ab/", "look-around")]
    [InlineData("$A =~ /(a)\\1/", "back references")]
    [InlineData("$A =~ /(ab/", "not a regular expression")]
    [InlineData("$A =~ /ab/x", "flags")]
    [InlineData("$A =~ /(a{1000}){1000}/", "repeats")]
    [InlineData("main", "not understood")]
    [InlineData("$A = \"x\"", "not understood")]
    public void A_broken_condition_says_what_is_wrong(string text, string mention)
    {
        Assert.Null(Expression.TryParse(text, out var problem));
        Assert.Contains(mention, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void More_than_a_hundred_parts_are_refused() =>
        Assert.Null(Expression.TryParse(string.Join(" || ", Enumerable.Repeat("$A", 51)), out _));

    [Fact]
    public void A_pattern_that_would_backtrack_for_ever_answers()
    {
        var expression = Expression.TryParse("$A =~ /^(a+)+$/", out _)!;
        Assert.False(expression.Holds(_ => new string('a', 20_000) + "b"));
    }
}
