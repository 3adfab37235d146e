using CsCheck;
using Squero.Runner;
using Squero.RunnerProtocol;

namespace Squero.Tests.Runner;

public sealed class JobVariablesTests
{
    [Theory]
    [InlineData("$A ${A} $$A $B ${B}", "1 1 $A  ")]
    [InlineData("$ ${ ${A $1 ${1} 5$", "$ ${ ${A $1 ${1} 5$")]
    [InlineData("$A_B$A.x", "1.x")]
    [InlineData("$LOOP", "$A")]
    public void References_are_expanded_once(string text, string expected) =>
        Assert.Equal(expected, JobVariables.Expand(text, name => name switch { "A" => "1", "LOOP" => "$A", _ => null }));

    [Fact]
    public void Text_without_dollars_stays_as_it_is() =>
        Gen.String.Where(text => !text.Contains('$', StringComparison.Ordinal)).Sample(text => JobVariables.Expand(text, _ => "x") == text);

    [Fact]
    public async Task Names_that_bash_cannot_hold_are_left_out()
    {
        var variables = await JobVariables.ResolveAsync(
            [
                new JobVariable { Key = "A-B", Value = "1" }, new JobVariable { Key = "UID", Value = "0" },
                new JobVariable { Key = "X;rm", Value = "1" }, new JobVariable { Key = "OK", Value = "'" },
            ],
            (_, _) => Task.FromResult(""));
        Assert.Equal("export OK=''\\'''\n", variables.ToExports());
    }
}
