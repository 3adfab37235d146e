using Squero.Pipelines;

namespace Squero.Tests.Pipelines;

/// <summary>What a file says that the cases do not cover, and the sentences for what is wrong.</summary>
public sealed class LanguageTests
{
    [Theory]
    [InlineData("a: {script: x, needs: [b]}\nb: {script: x, needs: [a]}", "circular_needs", "a → b → a")]
    [InlineData("a: {script: x, extends: b}\nb: {script: x, extends: a}", "circular_extends", "a")]
    [InlineData("a: {script: x, extends: .none}", "unknown_extends", ".none")]
    [InlineData("a: {script: x, needs: [b]}", "unknown_need", "b")]
    [InlineData("a: {script: x, needs: [b, b]}\nb: {script: x}", "duplicate_need", "b")]
    [InlineData("a: {script: x, stage: build, needs: [b]}\nb: {script: x, stage: test}", "need_later_stage", "need b")]
    [InlineData("a: {script: x, dependencies: [b]}", "unknown_dependency", "b")]
    [InlineData("a: {script: x, stage: build, dependencies: [b]}\nb: {script: x}", "dependency_later_stage", "b")]
    [InlineData("a: {script: x, rules: [{when: always}], only: [main]}", "rules_conflict", "only")]
    [InlineData("a: {script: x, rules: [{if: $A =}]}", "invalid_expression", "rules:if")]
    [InlineData("a: {script: x, when: sometimes}", "invalid_when", "sometimes")]
    [InlineData("a: {script: x, when: delayed}", "invalid_start_in", "start_in")]
    [InlineData("a: {script: x, when: delayed, start_in: 9 days}", "invalid_start_in", "one week")]
    [InlineData("a: {script: x, retry: 3}", "invalid_retry", "3")]
    [InlineData("a: {script: x, retry: {max: 1, when: bad_luck}}", "invalid_retry", "bad_luck")]
    [InlineData("a: {script: x, parallel: 0}", "invalid_parallel", "from 1 to 200")]
    [InlineData("a: {script: x, parallel: {matrix: [{A: []}]}}", "invalid_parallel", "A")]
    [InlineData("a: {script: x, environment: {name: e, on_stop: s}}", "invalid_on_stop", "s is not defined")]
    [InlineData("image: x\ndefault: {image: y}\na: {script: x}", "default_conflict", "image")]
    [InlineData("include: no.yml\na: {script: x}", "include_not_found", "no.yml")]
    [InlineData("include: {remote: 'https://e.org/x.yml'}\na: {script: x}", "not_supported", "remote")]
    [InlineData("a: {script: x, variables: {B: true}}", "invalid_value", "`B`")]
    [InlineData("a: {stage: test}", "missing_script", "a")]
    [InlineData("a: 5", "missing_script", "a")]
    [InlineData(".a: {script: x}", "no_visible_jobs", "visible")]
    [InlineData("", "no_visible_jobs", "empty")]
    [InlineData("- a", "invalid_yaml", "a list")]
    [InlineData("a: [", "invalid_yaml", "YAML")]
    [InlineData("a: *b", "invalid_yaml", "*b")]
    [InlineData("a: {script: !reference [.x, script]}", "reference_not_found", ".x, script")]
    [InlineData(".x: {script: !reference [.x, script]}\na: {script: !reference [.x, script]}", "reference_not_found", "itself")]
    [InlineData("a: {script: x, variables: {A: $B, B: $A}}", "circular_variables", "A")]
    [InlineData("a: {script: x, timeout: soon}", "invalid_value", "soon")]
    [InlineData("a: {script: x, artifacts: {path: [x]}}", "unknown_keyword", "path")]
    [InlineData("a: {trigger: g/p, script: x}", "unknown_keyword", "script")]
    [InlineData("workflow: {rules: [{when: manual}]}\na: {script: x}", "invalid_when", "manual")]
    public void A_mistake_has_a_category_and_a_sentence(string text, string category, string mention)
    {
        var invalid = Assert.IsType<PlanOutcome.InvalidDefinition>(PlanPipeline.Plan(text, "ci.yml", new PipelineContext()));
        Assert.Equal(category, invalid.Errors[0].Category);
        Assert.Contains(mention, invalid.Errors[0].Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mistake_names_its_line()
    {
        var invalid = (PlanOutcome.InvalidDefinition)PlanPipeline.Plan("a:\n  script: x\n  retry: 7\n", "ci.yml", new PipelineContext());
        Assert.Equal("ci.yml, line 3: a: `retry` must be a whole number from 0 to 2, but it is `7`.", invalid.Errors[0].ToString());
    }

    [Fact]
    public void A_mistake_of_a_whole_job_names_the_line_of_its_key()
    {
        var invalid = (PlanOutcome.InvalidDefinition)PlanPipeline.Plan("ok: {script: x}\n\nfit:\n  stage: none\n  script: x\n", "ci.yml", new PipelineContext());
        Assert.StartsWith("ci.yml, line 3: fit: chosen stage `none` does not exist", invalid.Errors[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_command_line_shows_jobs_or_mistakes()
    {
        using var output = new StringWriter();
        Assert.Equal(0, CiCommands.Check("a: {script: x, when: manual, tags: [gpu]}", "ci.yml", null, json: false, output));
        Assert.Equal(1, CiCommands.Check("a: {script: x, gpus: 2}", "ci.yml", null, json: false, output));
        Assert.Equal(2, CiCommands.Check("a: {script: x}", "ci.yml", "{", json: false, output));
        Assert.Equal(2, CiCommands.Check("a: {script: x}", "ci.yml", "[1]", json: false, output));
        Assert.StartsWith(
            "ci.yml is valid and makes 1 job:\n  test\n    a  (manual; may fail; tags gpu)\nci.yml has 1 mistake:\n  ci.yml, line 1: a: unknown keys: `gpus`",
            output.ToString().ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("A: 017", "15")]
    [InlineData("A: 0x1f", "31")]
    [InlineData("A: 1_000", "1000")]
    [InlineData("A: 1.50", "1.5")]
    [InlineData("A: 1e-3", "1e-3")]
    [InlineData("A: 0,1", "0,1")]
    [InlineData("A: 3.0", "3.0")]
    [InlineData("A: 0.00001", "1.0e-05")]
    [InlineData("A: 1:30", "90")]
    [InlineData("A: 'yes'", "yes")]
    [InlineData("A: 2026-01-02", "2026-01-02")]
    [InlineData("A: 99999999999999999999999", "99999999999999999999999")]
    public void Numbers_become_the_text_that_people_know(string variable, string expected) =>
        Assert.Equal(expected, Job($"variables:\n  {variable}\na: {{script: x}}").Variables[0].Value);

    [Fact]
    public void Merge_keys_fill_what_the_map_does_not_say_itself()
    {
        var job = Job("x: &x {script: [base], tags: [cpu], retry: 1}\na: {tags: [gpu], <<: *x}", "a");
        Assert.Equal(["base"], job.Script);
        Assert.Equal(["gpu"], job.Tags);
    }

    [Theory]
    [InlineData("only: [main]", "push", "Branch", "main", true)]
    [InlineData("only: [main]", "push", "Branch", "topic", false)]
    [InlineData("only: [/^rel-.*$/]", "push", "Branch", "rel-1", true)]
    [InlineData("only: [tags]", "push", "Tag", "v1", true)]
    [InlineData("except: [tags]", "push", "Tag", "v1", false)]
    [InlineData("only: [merge_requests]", "merge_request_event", "MergeRequest", "topic", true)]
    [InlineData("only: [main]", "merge_request_event", "MergeRequest", "main", false)]
    [InlineData("only: {variables: [$A]}", "push", "Branch", "main", false)]
    [InlineData("only: [schedules]", "schedule", "Branch", "main", true)]
    [InlineData("except: [schedules]", "schedule", "Branch", "main", false)]
    [InlineData("except: {changes: [x]}", "push", "Branch", "main", true)]
    public void Only_and_except_choose_refs(string policy, string source, string kind, string name, bool taken)
    {
        var outcome = PlanPipeline.Plan(
            $"a:\n  script: x\n  {policy}", "ci.yml", new PipelineContext { Source = source, RefKind = Enum.Parse<RefKind>(kind), Ref = name, ChangedPaths = ["y"] });
        Assert.Equal(taken, outcome is PlanOutcome.Planned);
    }

    [Fact]
    public void Server_keywords_are_expanded_and_runner_keywords_are_not()
    {
        var job = Job(
            """
            a:
              variables: {KIND: gpu, NAME: r-$KIND}
              tags: [$KIND]
              resource_group: $NAME
              image: registry/$KIND
              environment: {name: review/$CI_COMMIT_REF_SLUG, url: "https://$CI_ENVIRONMENT_SLUG.example.org"}
              script: x
            """);
        Assert.Equal(["gpu"], job.Tags);
        Assert.Equal("r-gpu", job.ResourceGroup);
        Assert.Equal("registry/$KIND", job.Image!.Name);
        Assert.Equal("review/main", job.Environment!.Name);
        Assert.StartsWith("https://review-main-", job.Environment.Url, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1h 30m", 5400)]
    [InlineData("90 minutes", 5400)]
    [InlineData("3 hours 30 minutes", 12600)]
    [InlineData("2 weeks and 1 day", 1296000)]
    [InlineData("3600", 3600)]
    [InlineData("1.5 hours", 5400)]
    [InlineData("never", null)]
    [InlineData("1 fortnight", null)]
    [InlineData("-1 hour", null)]
    public void Lengths_of_time_are_read_as_people_write_them(string text, int? seconds) => Assert.Equal(seconds, Durations.ParseSeconds(text));

    [Fact]
    public void A_planned_job_survives_its_column()
    {
        var job = Job(
            """
            a:
              script: [x, y]
              parallel: {matrix: [{A: [b]}]}
              image: {name: i, entrypoint: [""]}
              services: [{name: s, alias: db}]
              artifacts: {paths: [p], reports: {metrics: m.txt}}
              cache: {key: k, paths: [c]}
              retry: {max: 2, when: [script_failure], exit_codes: [3]}
              environment: production
              variables: {V: {value: "1", expand: false}}
              timeout: 1h
              allow_failure: {exit_codes: [137]}
            """);
        var json = PlannedJobJson.Write(job);
        Assert.Equal(json, PlannedJobJson.Write(PlannedJobJson.Read(json)));
        Assert.Equal("a: [b]", PlannedJobJson.Read(json).Name);
        Assert.Equal([137], PlannedJobJson.Read(json).AllowFailureExitCodes);
    }

    [Fact]
    public void Included_files_may_include_others_but_not_themselves()
    {
        var files = new Dictionary<string, string> { ["a.yml"] = "include: b.yml", ["b.yml"] = "include: a.yml" };
        var outcome = PlanPipeline.Plan("include: a.yml\njob: {script: x}", "ci.yml", new PipelineContext { ReadFile = files.GetValueOrDefault });
        Assert.Contains("includes itself", ((PlanOutcome.InvalidDefinition)outcome).Errors[0].Sentence, StringComparison.Ordinal);
    }

    private static PlannedJob Job(string text, string? name = null)
    {
        var outcome = PlanPipeline.Plan(text, "ci.yml", new PipelineContext());
        var planned = Assert.IsType<PlanOutcome.Planned>(outcome);
        return planned.Pipeline.Jobs.First(job => name is null || job.Name == name);
    }
}
