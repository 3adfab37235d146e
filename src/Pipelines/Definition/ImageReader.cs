namespace Squero.Pipelines;

/// <summary>Reads <c>image</c> and <c>services</c>. Variables in them stay: the runner expands those.</summary>
internal static class ImageReader
{
    private static readonly string[] PullPolicies = ["always", "if-not-present", "never"];

    public static JobImage? Image(Field field)
    {
        if (!field.IsMap)
        {
            return field.Text() is { } plain ? new JobImage(Checked(field, plain)) : null;
        }

        field.Map(["name", "entrypoint", "pull_policy", "docker", "kubernetes", "ports"]);
        var docker = field["docker"];
        docker.Map(["platform", "user"]);
        field["kubernetes"].Map(["user"]);
        return new JobImage(Checked(field, field["name"].Text() ?? ""))
        {
            Entrypoint = Words(field["entrypoint"]),
            PullPolicy = Policies(field["pull_policy"]),
            DockerPlatform = docker["platform"].Text(),
            DockerUser = docker["user"].Text(),
            KubernetesUser = field["kubernetes"]["user"].Text(),
        };
    }

    public static IReadOnlyList<SideContainer> Services(Field field)
    {
        if (field.IsGiven && !field.IsList)
        {
            field.Fail($"`services` must be a list, but it is {field.Node!.Kind}.");
            return [];
        }

        return [.. field.Items().Select(item => Service(field.With(item)))];
    }

    private static SideContainer Service(Field one)
    {
        if (!one.IsMap)
        {
            return new SideContainer(Checked(one, one.Text() ?? ""));
        }

        one.Map(["name", "alias", "entrypoint", "command", "variables", "pull_policy", "docker", "kubernetes", "ports"]);
        one["docker"].Map(["platform", "user"]);
        return new SideContainer(Checked(one, one["name"].Text() ?? ""))
        {
            Alias = one["alias"].Text(),
            Entrypoint = Words(one["entrypoint"]),
            Command = Words(one["command"]),
            Variables = VariableReader.Read(one["variables"]),
            PullPolicy = Policies(one["pull_policy"]),
            DockerPlatform = one["docker"]["platform"].Text(),
            DockerUser = one["docker"]["user"].Text(),
        };
    }

    private static string Checked(Field field, string name)
    {
        if (string.IsNullOrWhiteSpace(name))
        {
            field.Fail($"`{field.Keyword}` has no name.");
        }

        return name;
    }

    private static IReadOnlyList<string>? Words(Field field) => field.IsGiven ? field.Texts() : null;

    private static IReadOnlyList<string> Policies(Field field)
    {
        foreach (var item in field.Items())
        {
            field.With(item).OneOf(PullPolicies);
        }

        return field.Texts();
    }
}
