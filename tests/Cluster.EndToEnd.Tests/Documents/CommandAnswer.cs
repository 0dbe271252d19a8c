namespace Cluster.EndToEnd.Tests.Documents;

/// <summary>What a command gave.</summary>
/// <param name="ExitCode">0 for success.</param>
/// <param name="Said">Results and messages, as they came.</param>
internal sealed record CommandAnswer(int ExitCode, string Said);
