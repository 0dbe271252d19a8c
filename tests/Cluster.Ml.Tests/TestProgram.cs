using System.Reflection;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Cluster.Ml.Tests;

/// <summary>Runs these tests where no SDK is, such as on an emulated processor: <c>Cluster.Ml.Tests [NAME...]</c>, see tests/arm64.sh.</summary>
/// <remarks>Each NAME is a part of a test's full name; a test that has any of them is run, and without a NAME all are.</remarks>
internal static class TestProgram
{
    private static readonly TimeSpan Deadline = TimeSpan.FromHours(1);      // an emulated processor takes ten minutes and more

    public static int Main(string[] names)
    {
        Assembly assembly = typeof(TestProgram).Assembly;
        RunOptions options = new();
        using XunitTestFramework framework = new(new Tally([]));

        using Tally found = new(names);
        using ITestFrameworkDiscoverer discoverer = framework.GetDiscoverer(Reflector.Wrap(assembly));
        discoverer.Find(includeSourceInformation: false, found, options);
        found.Await("the tests' names");

        using Tally tally = new([]);
        using ITestFrameworkExecutor executor = framework.GetExecutor(assembly.GetName());
        executor.RunTests(found.Cases, tally, options);
        tally.Await("the tests");
        Console.WriteLine($"{tally.Passed} passed, {tally.Failed} failed, {tally.Skipped} skipped");
        return tally.Failed == 0 && tally.Passed > 0 ? 0 : 1;
    }

    /// <summary>What was found, and what came of it; failures are written out as they happen.</summary>
    private sealed class Tally(string[] names) : LongLivedMarshalByRefObject, IMessageSink, IDisposable
    {
        private readonly ManualResetEventSlim _finished = new();

        public List<ITestCase> Cases { get; } = [];

        public int Passed { get; private set; }

        public int Failed { get; private set; }

        public int Skipped { get; private set; }

        public bool OnMessage(IMessageSinkMessage message)
        {
            lock (Cases)
            {
                switch (message)
                {
                    case ITestCaseDiscoveryMessage found when IsWanted(found.TestCase): Cases.Add(found.TestCase); break;
                    case ITestPassed: Passed++; break;
                    case ITestSkipped: Skipped++; break;
                    case ITestFailed failed: Fail(failed.Test.DisplayName, failed); break;
                    case IErrorMessage error: Fail("outside the tests", error); break;
                    case ITestCleanupFailure failure: Fail(failure.Test.DisplayName, failure); break;
                    case ITestClassCleanupFailure failure: Fail(failure.TestClass.Class.Name, failure); break;
                    case ITestCollectionCleanupFailure failure: Fail(failure.TestCollection.DisplayName, failure); break;
                    case IDiscoveryCompleteMessage or ITestAssemblyFinished: _finished.Set(); break;
                }
            }
            return true;
        }

        public void Await(string what)
        {
            if (!_finished.Wait(Deadline)) throw new TimeoutException($"TestProgram: wanted {what} within {Deadline}, got {Passed + Failed + Skipped} results.");
        }

        public void Dispose() => _finished.Dispose();

        private bool IsWanted(ITestCase test) =>
            names.Length == 0 || Array.Exists(names, name => test.DisplayName.Contains(name, StringComparison.Ordinal));

        private void Fail(string name, IFailureInformation failure)
        {
            Failed++;
            Console.WriteLine($"Failed {name}\n{string.Join('\n', failure.Messages)}\n{string.Join('\n', failure.StackTraces)}");
        }
    }

    /// <summary>Nothing but the defaults.</summary>
    private sealed class RunOptions : ITestFrameworkDiscoveryOptions, ITestFrameworkExecutionOptions
    {
        private readonly Dictionary<string, object?> _values = [];

        public TValue GetValue<TValue>(string name) => _values.TryGetValue(name, out object? value) ? (TValue)value! : default!;

        public void SetValue<TValue>(string name, TValue value) => _values[name] = value;
    }
}
