namespace Squero.Notebooks;

/// <summary>
/// One place where two texts differ: RemovedCount lines from line Before on (counted from 0) gave way to AddedCount
/// lines from line After on. Between hunks the lines are the same.
/// </summary>
public readonly record struct LineHunk(int Before, int RemovedCount, int After, int AddedCount);
