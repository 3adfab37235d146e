using System.Text;
using CsCheck;
using Squero.Pipelines;

namespace Squero.Tests.Pipelines;

/// <summary>No text makes the reader crash or hang: it is planned, or refused with a sentence.</summary>
public sealed class HostileFileTests
{
    [Fact]
    public void Random_pieces_of_the_language_end_in_an_outcome()
    {
        string[] pieces =
        [
            "a:", "\n", "  ", "script: x", "- ", "[", "]", "{", "}", "&x ", "*x", "<<: ", "!reference [a, b]", "rules:", "if: $A", "needs: [a]", "extends: .a",
            ".a:", "parallel: 5", "matrix:", "stages: [a]", "include: x.yml", "variables:", "A: $B", "\"", "'", "|", ">", "#", "\t", "---", "...", "%TAG", ": ",
            "? ", "when: manual", "default:", "workflow:", "é", "\u2028", "null", "true", "12", "trigger: x", "only: [main]", "cache:", "artifacts:", "retry: 1",
        ];
        Gen.Int[0, pieces.Length - 1].Select(at => pieces[at]).Array[0, 60].Sample(parts => Ends(string.Concat(parts)), iter: 3_000);
    }

    [Fact]
    public void Random_text_ends_in_an_outcome() => Gen.String[0, 200].Sample(Ends, iter: 2_000);

    [Fact]
    public void Damaged_files_end_in_an_outcome()
    {
        var files = Directory.GetDirectories(TestData.Path("ci-cases")).Select(folder => File.ReadAllText(Path.Combine(folder, ".gitlab-ci.yml"))).ToArray();
        Gen.Select(Gen.Int[0, files.Length - 1].Select(at => files[at]), Gen.Int[0, 2_000], Gen.Char.AlphaNumeric, Gen.Int[0, 20]).Sample(
            (file, at, put, cut) =>
            {
                at = Math.Min(at, file.Length);
                return Ends(file[..at] + put + file[Math.Min(file.Length, at + cut)..]);
            },
            iter: 3_000);
    }

    [Fact]
    public void Deep_nesting_is_refused()
    {
        Refused("a: " + new string('[', 50_000), "deep");
        Refused("a: " + new string('[', 150) + new string(']', 150), "deep");
        Refused(string.Concat(Enumerable.Range(0, 300).Select(depth => new string(' ', depth) + "a:\n")), "deep");
    }

    [Fact]
    public void An_alias_bomb_is_refused()
    {
        var text = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (var level = 1; level < 12; level++)
        {
            text.Append($"a{level}: &a{level} [{string.Join(", ", Enumerable.Repeat($"*a{level - 1}", 10))}]\n");
        }

        Refused(text + "job: {script: *a11}", "aliases");
    }

    [Fact]
    public void A_reference_bomb_is_refused()
    {
        var text = new StringBuilder(".a0: {script: [x, x, x, x, x, x, x, x]}\n");
        for (var level = 1; level < 9; level++)
        {
            text.Append($".a{level}: {{script: [{string.Join(", ", Enumerable.Repeat($"!reference [.a{level - 1}, script]", 8))}]}}\n");
        }

        Refused(text + "job: {script: !reference [.a8, script]}", "");
    }

    [Fact]
    public void A_huge_matrix_is_refused() =>
        Refused($"a:\n  script: x\n  parallel:\n    matrix:\n      - {{{string.Join(", ", Enumerable.Range(0, 30).Select(name => $"V{name}: [1, 2, 3, 4, 5, 6, 7, 8, 9]"))}}}", "more than 200");

    [Fact]
    public void Very_many_jobs_are_refused() =>
        Refused(string.Concat(Enumerable.Range(0, 3_000).Select(job => $"j{job}: {{script: x}}\n")), "more than 2000 jobs");

    [Fact]
    public void A_file_over_two_mebibytes_is_refused() => Refused($"a: {{script: {new string('x', 3 * 1024 * 1024)}}}", "2 MiB");

    [Fact]
    public void A_huge_base_extended_by_many_is_refused()
    {
        var variables = string.Join(", ", Enumerable.Range(0, 900).Select(name => $"V{name}: x"));
        Refused($".base: {{script: x, variables: {{{variables}}}}}\n" + string.Concat(Enumerable.Range(0, 20_000).Select(job => $"j{job}: {{extends: .base}}\n")), "");
    }

    [Fact]
    public void A_bomb_of_variables_stays_small()
    {
        var variables = string.Join(", ", Enumerable.Range(1, 60).Select(at => $"V{at}: $V{at - 1}$V{at - 1}$V{at - 1}"));
        var outcome = PlanPipeline.Plan($"a: {{script: x, variables: {{V0: xxxxxxxx, {variables}}}}}", "ci.yml", new PipelineContext());
        var job = Assert.IsType<PlanOutcome.Planned>(outcome).Pipeline.Jobs[0];
        Assert.InRange(JobVariables.Assemble(new PipelineContext(), job, [], []).Sum(variable => (long)variable.Value.Length), 1, 4_000_000);
    }

    [Fact]
    public void A_very_long_chain_of_needs_is_planned()
    {
        var text = string.Concat(Enumerable.Range(0, 1_500).Select(job => $"j{job}: {{script: x, needs: [{(job == 0 ? "" : $"j{job - 1}")}]}}\n"));
        Assert.IsType<PlanOutcome.Planned>(PlanPipeline.Plan(text, "ci.yml", new PipelineContext()));
    }

    private static bool Ends(string text) => PlanPipeline.Plan(text, "ci.yml", new PipelineContext()) switch
    {
        PlanOutcome.InvalidDefinition invalid => invalid.Errors.Count > 0 && invalid.Errors.All(error => error.Sentence.Length > 0),
        var outcome => outcome is not null,
    };

    private static void Refused(string text, string mention)
    {
        var invalid = Assert.IsType<PlanOutcome.InvalidDefinition>(PlanPipeline.Plan(text, "ci.yml", new PipelineContext()));
        Assert.Contains(mention, invalid.Errors[0].Sentence, StringComparison.Ordinal);
    }
}
