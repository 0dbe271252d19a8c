using Cluster.Ml.Jobs;

namespace Cluster.Ml.Tests.Jobs;

/// <summary>Small jobs for tests.</summary>
internal static class Some
{
    public const string Folder = "/jobs";

    public static JobSpec Job(params string[] settings) => JobFile.Parse(
        "data: { source: rows.csv, target: label }\nmodel: { kind: softmax }", "some.yaml", Folder,
        settings.Any(setting => setting.StartsWith("privacy", StringComparison.Ordinal)) ? ["data.classes=[ no, yes ]", .. settings] : settings);
}
