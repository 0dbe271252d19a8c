namespace Cluster.EndToEnd.Tests;

/// <summary>
/// A job that is to be disturbed in its middle. How soon the disturbance comes depends on the machine, so that a job that was
/// over before it is tried again with four times, then with sixteen times as many epochs.
/// </summary>
internal static class DisturbedJob
{
    private const int LengthenedMost = 16;

    /// <summary>Disturbs a job, lengthened as far as needed.</summary>
    /// <param name="epochs">How long it is at first.</param>
    /// <param name="disturb">Runs a job of so many epochs in a folder of its own name, and compares what it left.</param>
    public static async Task OfAsync(int epochs, Func<int, Task> disturb)
    {
        for (int times = 1; ; times *= 4)
        {
            try
            {
                await disturb(epochs * times);
                return;
            }
            catch (TooLateException) when (times < LengthenedMost)
            {
            }
        }
    }

    /// <summary>Ends the attempt if the job was over before it was disturbed.</summary>
    /// <param name="inTime">Whether it was disturbed in its middle.</param>
    /// <param name="disturbance">What came too late.</param>
    public static void Require(bool inTime, string disturbance)
    {
        if (!inTime) throw new TooLateException($"the job was over before {disturbance}");
    }

    private sealed class TooLateException(string message) : Exception(message);
}
