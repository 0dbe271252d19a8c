namespace Cluster.EndToEnd.Tests;

/// <summary>A secret that tests share: private jobs are the same where their secret is, and to others it means nothing.</summary>
internal static class SecretFile
{
    /// <summary>The flags that name it; the file lies in the folder.</summary>
    public static string[] FlagsIn(TemporaryFolder folder)
    {
        File.WriteAllText(folder["secret"], new string('7', 64));
        return ["--privacy-secret-file", folder["secret"]];
    }
}
