namespace Cluster.Actors.TestKit;

/// <summary>An expectation of a test was not met.</summary>
public sealed class TestKitException(string message, Exception? cause = null) : Exception(message, cause);
