using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Cluster.Messages.Trust;

namespace Cluster.Messages.Tests.Trust;

public sealed class NodeTrustTests
{
    private static readonly byte[] s_key = RandomNumberGenerator.GetBytes(32);

    [Fact]
    public void A_key_gives_every_node_the_same_pair()
    {
        using NodeTrust one = NodeTrust.OfSharedKey(s_key), two = NodeTrust.OfSharedKey(s_key);
        one.FindError(two.Certificate, host: "anywhere.example").ShouldBeNull();
        two.FindError(one.Certificate).ShouldBeNull();
    }

    [Fact]
    public void The_pair_of_a_key_stays_what_it_is()
    {
        // From another implementation of HKDF and P-256; a change would part a cluster that is upgraded node by node.
        using NodeTrust trust = NodeTrust.OfSharedKey("0123456789abcdef0123456789abcdef"u8);
        Convert.ToHexStringLower(SHA256.HashData(trust.Certificate.PublicKey.ExportSubjectPublicKeyInfo())).ShouldBe("1bc5f684d0c7975c5d4e641c7b6e0d6c5e8449191b478dce2af2ca102c4234bb");
    }

    [Fact]
    public void Another_key_an_authoritys_certificate_and_none_are_refused()
    {
        using NodeTrust trust = NodeTrust.OfSharedKey(s_key), other = NodeTrust.OfSharedKey(RandomNumberGenerator.GetBytes(32));
        using X509Certificate2 authority = Certificates.Authority(), certificate = Certificates.Of(authority, "127.0.0.1");
        trust.FindError(other.Certificate).ShouldNotBeNull().ShouldContain("another key");
        trust.FindError(certificate).ShouldNotBeNull();
        trust.FindError(null).ShouldBe("wanted a certificate, got none");
    }

    [Fact]
    public void One_bit_of_a_key_is_another_key()
    {
        byte[] near = [.. s_key];
        near[^1] ^= 1;
        using NodeTrust trust = NodeTrust.OfSharedKey(s_key), other = NodeTrust.OfSharedKey(near);
        trust.FindError(other.Certificate).ShouldNotBeNull();
    }

    [Fact]
    public void A_key_that_is_too_short_is_refused() =>
        Should.Throw<ArgumentException>(() => NodeTrust.OfSharedKey(new byte[15])).Message.ShouldContain("at least 16 bytes, got 15");

    [Fact]
    public void A_certificate_of_the_authority_is_trusted_for_the_hosts_that_it_names()
    {
        using X509Certificate2 authority = Certificates.Authority(), node = Certificates.Of(authority, "10.1.2.3", "node.example");
        using NodeTrust trust = Certificates.Trusting(authority);
        trust.FindError(node, host: "10.1.2.3").ShouldBeNull();
        trust.FindError(node, host: "node.example").ShouldBeNull();
        trust.FindError(node).ShouldBeNull();
        trust.FindError(node, host: "10.1.2.4").ShouldNotBeNull().ShouldContain("names the host 10.1.2.4");
        trust.FindError(node, host: "other.example").ShouldNotBeNull();
    }

    [Fact]
    public void The_common_name_alone_names_no_host()
    {
        using X509Certificate2 authority = Certificates.Authority(), node = Certificates.Of(authority);
        using NodeTrust trust = Certificates.Trusting(authority);
        trust.FindError(node, host: "127.0.0.1").ShouldNotBeNull();
    }

    [Fact]
    public void An_authority_of_the_same_name_is_another()
    {
        using X509Certificate2 authority = Certificates.Authority(), impostor = Certificates.Authority(), node = Certificates.Of(impostor, "127.0.0.1");
        using NodeTrust trust = Certificates.Trusting(authority), key = NodeTrust.OfSharedKey(s_key);
        trust.FindError(node, [impostor]).ShouldNotBeNull().ShouldContain("cluster's authority");
        trust.FindError(key.Certificate).ShouldNotBeNull();
    }

    [Fact]
    public void One_that_an_authority_has_signed_may_not_sign_others()
    {
        using X509Certificate2 authority = Certificates.Authority(), middle = Certificates.Of(authority, "127.0.0.1");
        using NodeTrust trust = Certificates.Trusting(authority);
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=forged", key, HashAlgorithmName.SHA256);
        using X509Certificate2 forged = request.Create(
            middle.SubjectName, X509SignatureGenerator.CreateForECDsa(middle.GetECDsaPrivateKey()!), middle.NotBefore, middle.NotAfter, [1, 2, 3]);
        trust.FindError(forged, [middle]).ShouldNotBeNull();
    }

    [Fact]
    public void A_certificate_is_valid_by_the_given_clock()
    {
        ManualClock clock = new();
        using X509Certificate2 authority = Certificates.Authority(), node = Certificates.Of(authority, "127.0.0.1");
        using NodeTrust trust = Certificates.Trusting(authority), late = Certificates.Trusting(authority, time: clock);
        trust.FindError(node).ShouldBeNull();
        clock.Advance(TimeSpan.FromDays(40_000));
        late.FindError(node).ShouldNotBeNull().ShouldContain("NotTimeValid");
    }
}
