namespace Cluster.Messages.Node.Settings;

/// <summary>A value that was given.</summary>
/// <param name="Name">The setting.</param>
/// <param name="Text">The value's text.</param>
/// <param name="Place">Where: file:line, variable or flag.</param>
internal readonly record struct GivenSetting(string Name, string Text, string Place);
