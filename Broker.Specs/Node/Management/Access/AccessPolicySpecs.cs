using Broker.Node.Management;
using Broker.Node.Management.Access;

namespace Broker.Specs.Node.Management.Access;

public sealed class AccessPolicySpecs
{
    private const string ViewersToken = "a-viewers-token-of-some-length";
    private const string OperatorsToken = "an-operators-token-of-some-length";

    private static readonly AccessPolicy Open = new(new ManagementOptions());

    private static readonly AccessPolicy Guarded = new(new ManagementOptions
    {
        Tokens = [new("grafana", ViewersToken, ManagementRole.Viewer), new("alice", OperatorsToken, ManagementRole.Operator)],
    });

    [Theory]
    [InlineData("/alive")]
    [InlineData("/ready")]
    [InlineData("/ha")]
    public void Probes_are_answered_to_everyone(string path)
    {
        foreach (var policy in (AccessPolicy[])[Open, Guarded])
        {
            policy.Judge(Read(path) with { IsLocal = false, Host = "broker.example.com", HasOrigin = true }).Status.Should().Be(200);
        }
    }

    [Theory]
    [InlineData("/metrics")]
    [InlineData("/cluster/members")]
    [InlineData("/api/v1/clients")]
    [InlineData("/ready/../api/v1/clients")]
    [InlineData("/nothing")]
    public void Everything_else_is_for_this_machine_while_there_are_no_tokens(string path)
    {
        Open.Judge(Read(path)).Status.Should().Be(200);
        Open.Judge(Read(path) with { IsRead = false }).Status.Should().Be(200);

        var refused = Open.Judge(Read(path) with { IsLocal = false, Token = OperatorsToken });

        refused.Status.Should().Be(401);
        refused.Reason.Should().Contain("mqtt.management.tokens");
    }

    [Fact]
    public void A_page_in_this_machines_browser_is_refused()
    {
        Open.Judge(Change("/api/v1/clients/x") with { HasOrigin = true }).Status.Should().Be(403);
        Open.Judge(Change("/api/v1/clients/x") with { Host = "rebound.example.com" }).Status.Should().Be(403);
        Open.Judge(Change("/api/v1/clients/x") with { Host = "localhost" }).Status.Should().Be(200);
        Open.Judge(Change("/api/v1/clients/x") with { Host = "::1" }).Status.Should().Be(200);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Where_there_are_tokens_one_is_needed_from_everywhere(bool isLocal)
    {
        var request = Read("/api/v1/clients") with { IsLocal = isLocal, Host = "10.0.0.4" };

        Guarded.Judge(request).Status.Should().Be(401);
        Guarded.Judge(request with { Token = "" }).Status.Should().Be(401);
        Guarded.Judge(request with { Token = ViewersToken + "x" }).Status.Should().Be(401);
        Guarded.Judge(request with { Token = ViewersToken }).Status.Should().Be(200);
        Guarded.Judge(request with { Token = OperatorsToken }).Status.Should().Be(200);
    }

    [Fact]
    public void A_viewer_changes_nothing()
    {
        Guarded.Judge(Change("/api/v1/clients/x") with { Token = ViewersToken }).Status.Should().Be(403);
        Guarded.Judge(Change("/api/v1/clients/x") with { Token = OperatorsToken }).Status.Should().Be(200);

        // A probe's path is for reading.
        Guarded.Judge(Change("/ready")).Status.Should().Be(401);
    }

    [Fact]
    public void Metrics_are_open_where_it_is_said()
    {
        var policy = new AccessPolicy(new ManagementOptions { OpenMetrics = true });

        policy.Judge(Read("/metrics") with { IsLocal = false }).Status.Should().Be(200);
        policy.Judge(Change("/metrics") with { IsLocal = false }).Status.Should().Be(401);
        policy.Judge(Read("/metrics/x") with { IsLocal = false }).Status.Should().Be(401);
    }

    private static AccessRequest Read(string path) => new() { Path = path, IsRead = true, IsLocal = true, Host = "127.0.0.1" };

    private static AccessRequest Change(string path) => Read(path) with { IsRead = false };
}
