using Squero.Projects;

namespace Squero.Experiments;

/// <summary>What to set so that a training logs here; given by the module that speaks a client's protocol.</summary>
public interface IConnectHint
{
    /// <summary>Lines for a shell, with this server's address and the project in them.</summary>
    string CommandFor(Project project);
}

/// <summary>Slot on the page of a candidate.</summary>
public sealed record CandidatePageContext(ProjectAccess Access, Candidate Candidate);
