namespace Squero.Ui;

/// <summary>What a badge, line or notice says; always shown with a word or shape, never by colour alone.</summary>
public enum Tone
{
    Muted,
    Ok,
    Warn,
    Bad,
    Run,
    Accent,
}

/// <summary>At most one primary button per page.</summary>
public enum ButtonKind
{
    Plain,
    Primary,
    Danger,
    Quiet,
}

/// <summary>Size of the initials that stand for a person.</summary>
public enum AvatarSize
{
    S,
    M,
    L,
}

internal static class ToneNames
{
    public static string Name(this Tone tone) => tone switch
    {
        Tone.Ok => "ok",
        Tone.Warn => "warn",
        Tone.Bad => "bad",
        Tone.Run => "run",
        Tone.Accent => "accent",
        _ => "muted",
    };

    public static string ClassOf(this ButtonKind kind, bool small)
    {
        var name = kind switch
        {
            ButtonKind.Primary => "button button--primary",
            ButtonKind.Danger => "button button--danger",
            ButtonKind.Quiet => "button button--quiet",
            _ => "button",
        };
        return small ? name + " button--small" : name;
    }
}
