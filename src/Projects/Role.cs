namespace Squero.Projects;

/// <summary>What a member may do; the numbers are those of the REST API.</summary>
public enum Role
{
    None = 0,
    Guest = 10,
    Reporter = 20,
    Developer = 30,
    Maintainer = 40,
    Owner = 50,
}

/// <summary>Who may see a project without being a member. The numbers are stored.</summary>
public enum Visibility
{
    Private = 0,
    Internal = 10,
    Public = 20,
}
