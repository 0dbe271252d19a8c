using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Cluster.Messages.Node;
using Cluster.Messages.Tests.Hosting;
using Cluster.Messages.Trust;

namespace Cluster.Messages.Tests.Trust;

/// <summary>Strangers at the port where a node takes messages: what they show decides whether anything of theirs is heard.</summary>
public sealed class RemotingTrustTests : IDisposable
{
    private const string Host = "127.0.0.1";
    private static readonly byte[] s_key = Encoding.ASCII.GetBytes(new string('k', 32));
    private static readonly X509Certificate2 s_authority = Certificates.Authority(), s_otherAuthority = Certificates.Authority("other");
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cluster-remoting-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("certificates", "plain TCP")]
    [InlineData("certificates", "no certificate")]
    [InlineData("certificates", "a certificate of another authority")]
    [InlineData("certificates", "a certificate for another host")]
    [InlineData("certificates", "a shared key's certificate")]
    [InlineData("key", "plain TCP")]
    [InlineData("key", "no certificate")]
    [InlineData("key", "a certificate of another authority")]
    [InlineData("key", "another key's certificate")]
    public async Task Nothing_that_a_stranger_says_is_heard(string kind, string stranger)
    {
        ConcurrentQueue<string> warned = new();
        await using ListeningNode node = await ListeningNode.StartAsync(OptionsOf(kind), line => warned.Enqueue(line.ToString()!));

        bool hasCertificate = stranger is not ("plain TCP" or "no certificate");

        using (RemotingPeer peer = new(node.Node.Address))
        {
            if (stranger != "plain TCP") await peer.TrySecureAsync(ShownBy(stranger));
            await Speak(node, peer, "lie");
            await (hasCertificate ? peer.ReadUntilClosedAsync() : peer.ReadToEndAsync());
        }
        using RemotingPeer friend = new(node.Node.Address);
        (await friend.TrySecureAsync(ShownBy(kind == "key" ? "a shared key's certificate" : "a certificate"))).ShouldBeTrue();
        await Speak(node, friend, "truth");

        SpinWait.SpinUntil(() => !node.Heard.IsEmpty, ListeningNode.Deadline).ShouldBeTrue();
        node.Heard.Select(message => message.Job.Value).ShouldBe(["truth"]);
        if (!hasCertificate) return;
        SpinWait.SpinUntil(() => warned.Any(line => line.Contains("refused: wanted", StringComparison.Ordinal)), ListeningNode.Deadline).ShouldBeTrue(string.Join("\n", warned));
    }

    [Theory]
    [InlineData("certificates", "nothing")]
    [InlineData("certificates", "key")]
    [InlineData("certificates", "other certificates")]
    [InlineData("key", "nothing")]
    [InlineData("key", "other key")]
    [InlineData("key", "certificates")]
    public async Task A_node_that_is_not_trusted_neither_joins_nor_is_heard(string kind, string stranger)
    {
        await using ListeningNode node = await ListeningNode.StartAsync(OptionsOf(kind));
        await using ClusterNode outside = ListeningNode.Join(node, OptionsOf(stranger));
        outside.System.ActorSelection(node.EarPathBy(outside.Membership.SelfAddress.Protocol)).Tell(new DescribeJob(new("lie")), ActorRefs.NoSender);
        await using ClusterNode friend = ListeningNode.Join(node, OptionsOf(kind));

        await friend.WaitUntilUp(ListeningNode.Deadline);       // begun after the stranger, and a member
        (await friend.System.ActorSelection(node.EarPath).Ask<JobCancelling>(new DescribeJob(new("truth")), ListeningNode.Deadline)).Job.Value.ShouldBe("truth");

        node.Heard.Select(message => message.Job.Value).ShouldBe(["truth"]);
        node.Node.Membership.State.Members.Select(member => member.Address.Port!.Value).ShouldBe([node.Node.Address.Port, friend.Address.Port], ignoreOrder: true);
    }

    private static async Task Speak(ListeningNode node, RemotingPeer peer, string job)
    {
        await peer.TrySendAsync(node.IntroductionFrame(port: 9, life: 1));
        await peer.TrySendAsync(node.MessageFrame(job));
    }

    private static X509Certificate2? ShownBy(string stranger) => stranger switch
    {
        "a certificate" => Certificates.Of(s_authority, Host),
        "a certificate of another authority" => Certificates.Of(s_otherAuthority, Host),
        "a certificate for another host" => Certificates.Of(s_authority, "10.0.0.1"),
        "a shared key's certificate" => NodeTrust.OfSharedKey(s_key).Certificate,
        "another key's certificate" => NodeTrust.OfSharedKey(RandomNumberGenerator.GetBytes(32)).Certificate,
        _ => null,
    };

    private NodeOptions OptionsOf(string trust) => trust switch
    {
        "key" => new NodeOptions { SharedKeyPath = Write("key", Encoding.ASCII.GetString(s_key)) },
        "other key" => new NodeOptions { SharedKeyPath = Write("other-key", new string('x', 32)) },
        "certificates" => Certified(s_authority),
        "other certificates" => Certified(s_otherAuthority),
        _ => new NodeOptions(),
    };

    private NodeOptions Certified(X509Certificate2 authority)
    {
        using X509Certificate2 certificate = Certificates.Of(authority, Host);
        using ECDsa key = certificate.GetECDsaPrivateKey()!;
        return new NodeOptions
        {
            CertificatePath = Write("node.crt", certificate.ExportCertificatePem()),
            CertificateKeyPath = Write("node.key", key.ExportPkcs8PrivateKeyPem()),
            AuthorityPath = Write("authority.crt", authority.ExportCertificatePem()),
        };
    }

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder.FullName, $"{Guid.NewGuid():N}-{name}");
        File.WriteAllText(path, text);
        return path;
    }
}
