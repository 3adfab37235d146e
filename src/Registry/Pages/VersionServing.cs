using Squero.Projects;

namespace Squero.Registry;

/// <summary>
/// Slot on pages that say a version went to production: whoever serves it adds whether it does. Nothing is drawn for a version
/// that serves as it should.
/// </summary>
public sealed record VersionServing(ProjectAccess Access, ModelVersion Version);
