using System.Text.Json;
using Broker.Actors.Hosting;
using Broker.Actors.Security;
using Broker.Actors.Security.Http;
using Broker.Protocol.Packets;
using Broker.Specs.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace Broker.Specs.Actors.Security.Http;

/// <summary>A service behind a local HTTPS server.</summary>
public sealed class HttpUsersSpecs : IAsyncLifetime
{
    private static readonly AuthenticationResult Away = new(ReasonCode.ServerUnavailable);

    private readonly FakeTimeProvider _time = new();
    private readonly RecordingLogger _log = new();
    private LocalHttps _server = null!;
    private volatile string _answer = """{"result":"allow"}""";
    private volatile string _asked = "";
    private volatile int _status = StatusCodes.Status200OK;

    public async Task InitializeAsync() => _server = await LocalHttps.StartAsync(async context =>
    {
        using var body = new StreamReader(context.Request.Body);
        _asked = $"{context.Request.Method} {context.Request.Headers.Authorization} {await body.ReadToEndAsync()}";
        context.Response.StatusCode = _status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(_answer);
    });

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Tells_the_service_what_the_client_shows()
    {
        using var users = Users(options => options with { Token = "s3cret" });

        await Ask(users, "alice", "pa\"ss");

        _asked.Should().StartWith("POST Bearer s3cret ");
        var question = JsonDocument.Parse(_asked["POST Bearer s3cret ".Length..]).RootElement;
        string?[] told = [.. ((string[])["username", "password", "clientid", "address", "listener"]).Select(name => question.GetProperty(name).GetString())];
        told.Should().Equal("alice", "pa\"ss", "c", "127.0.0.1", "");
    }

    [Fact]
    public async Task Lets_in_refuses_and_leaves_to_others_as_the_service_says()
    {
        using var users = Users(options => options with { CacheTime = TimeSpan.Zero });

        (await Ask(users, "alice", "x")).Should().Be(AuthenticationResult.Accepted("alice"));
        _answer = """{"result":"allow","username":"device-7","roles":["operator"]}""";
        var named = (await Ask(users, "alice", "x"))!.Value;
        (named.UserName, named.Roles!.Single()).Should().Be(("device-7", "operator"));
        (await Ask(users, null, null))!.Value.UserName.Should().Be("device-7");
        _answer = """{"result":"deny"}""";
        (await Ask(users, "alice", "x")).Should().Be(new AuthenticationResult(ReasonCode.BadUserNameOrPassword));
        _answer = """{"result":"ignore"}""";
        (await Ask(users, "alice", "x")).Should().BeNull();
    }

    [Theory]
    [InlineData(200, "{}")]
    [InlineData(200, "nonsense")]
    [InlineData(200, """{"result":"yes"}""")]
    [InlineData(500, """{"result":"allow"}""")]
    [InlineData(302, """{"result":"allow"}""")]
    public async Task Whatever_else_it_answers_lets_nobody_in(int status, string answer)
    {
        using var users = Users();
        (_status, _answer) = (status, answer);

        (await Ask(users, "alice", "x")).Should().Be(Away);
        (await Ask(users, "alice", "x")).Should().Be(Away);
        _log.Lines.Should().ContainSingle("an outage is told once").Which.Should().Contain("mqtt.security.http cannot say who clients are").And.NotContain("\"x\"");
    }

    [Fact]
    public async Task An_answer_counts_for_a_while_for_the_same_question_alone()
    {
        using var users = Users();
        await Ask(users, "alice", "x");
        await Ask(users, "alice", "x");
        _server.Requests.Should().Be(1);

        await Ask(users, "alice", "y");
        _server.Requests.Should().Be(2, "it is another password");
        _answer = """{"result":"deny"}""";
        (await Ask(users, "alice", "x"))!.Value.ReasonCode.Should().Be(ReasonCode.Success, "it is remembered");
        _time.Advance(TimeSpan.FromSeconds(30));
        (await Ask(users, "alice", "x"))!.Value.ReasonCode.Should().Be(ReasonCode.BadUserNameOrPassword);
    }

    [Fact]
    public async Task A_service_that_fails_is_spared_and_asked_again_later()
    {
        using var users = Users();
        _status = StatusCodes.Status503ServiceUnavailable;
        for (var i = 0; i < 20; i++)
        {
            (await Ask(users, $"user{i}", "x")).Should().Be(Away);
        }

        _server.Requests.Should().Be(5);
        _status = StatusCodes.Status200OK;
        (await Ask(users, "alice", "x")).Should().Be(Away);
        _time.Advance(TimeSpan.FromSeconds(10));
        (await Ask(users, "alice", "x"))!.Value.ReasonCode.Should().Be(ReasonCode.Success);
        _log.Lines.Should().HaveCount(2);
    }

    [Fact]
    public async Task A_service_that_does_not_answer_in_time_lets_nobody_in()
    {
        var never = new TaskCompletionSource();
        await using var slow = await LocalHttps.StartAsync(context => never.Task.WaitAsync(context.RequestAborted));
        using var users = new HttpUsers(
            new HttpUsersOptions { Url = slow.Url, CaFile = slow.CaFile, Timeout = TimeSpan.FromMilliseconds(300) }, _log, _time);

        (await Ask(users, "alice", "x")).Should().Be(Away);
        never.SetResult();
    }

    [Fact]
    public async Task A_service_whose_certificate_nobody_trusts_is_told_nothing()
    {
        using var users = Users(options => options with { CaFile = "" });

        (await Ask(users, "alice", "x")).Should().Be(Away);
        _asked.Should().BeEmpty();
    }

    [Theory]
    [InlineData("https://example.com/auth", true)]
    [InlineData("http://127.0.0.1:8080/auth", true)]
    [InlineData("http://localhost/auth", true)]
    [InlineData("http://example.com/auth", false)]
    [InlineData("ftp://example.com", false)]
    [InlineData("nowhere", false)]
    [InlineData("", false)]
    public void Passwords_leave_the_machine_by_https_alone(string url, bool isUsable) => (SecurityHttp.Problem(url) is null).Should().Be(isUsable);

    private static async Task<AuthenticationResult?> Ask(HttpUsers users, string? userName, string? password) =>
        await users.AuthenticateAsync(ProviderChainSpecs.Request(userName, password));

    private HttpUsers Users(Func<HttpUsersOptions, HttpUsersOptions>? change = null)
    {
        var options = new HttpUsersOptions { Url = _server.Url, CaFile = _server.CaFile };
        return new HttpUsers(change?.Invoke(options) ?? options, _log, _time);
    }
}
