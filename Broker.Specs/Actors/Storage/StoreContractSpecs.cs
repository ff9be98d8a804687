using Broker.Actors.Routing;
using Broker.Actors.Sessions;
using Broker.Actors.Storage;
using Broker.Protocol.Packets;

namespace Broker.Specs.Actors.Storage;

/// <summary>Sessions, queues and handshakes.</summary>
public abstract class StoreContractSpecs : StoreSpecs
{
    [Fact]
    public async Task A_session_is_there_after_a_restart_and_another_is_not()
    {
        await CreateAsync("here");

        await ReopenAsync();

        Reader.MayHaveSession("here").Should().BeTrue();
        Reader.MayHaveSession("gone").Should().BeFalse();
        (await LoadAsync("here"))!.Session.ClientId.Should().Be("here");
        (await LoadAsync("gone")).Should().BeNull();
    }

    [Fact]
    public async Task Client_ids_that_differ_in_case_or_trailing_space_have_their_own_sessions()
    {
        var sessions = new List<SessionHandle>();
        foreach (var clientId in new[] { "a", "A", "a ", "ä", new string('x', 65_535), new string('x', 65_534) })
        {
            sessions.Add(await CreateAsync(clientId));
        }

        await ReopenAsync();

        foreach (var session in sessions)
        {
            (await LoadAsync(session.ClientId))!.Session.Key.Should().Be(session.Key);
        }
    }

    [Fact]
    public async Task Queued_messages_come_back_as_they_were_and_in_order()
    {
        var session = await CreateAsync("c");
        var full = new Publication
        {
            Topic = "tópic/名",
            Payload = new byte[] { 0, 1, 2, 255 },
            QoS = QualityOfService.ExactlyOnce,
            Retain = true,
            ExpiresAt = 4_000_000_000_000,
            ClientId = "publisher",
            Id = new MessageId(5, 7),
            LowestUnreleased = 6,
            Properties = new PublishProperties
            {
                PayloadIsUtf8 = true,
                MessageExpiryInterval = 60,
                ContentType = "text/plain",
                ResponseTopic = "r",
                CorrelationData = new byte[] { 9 },
                UserProperties = [new("n", "v"), new("n", "w")],
            },
        };
        var write = WriteAsync(new StoreWrite.Enqueue(session, 1, Message("one"), QualityOfService.AtLeastOnce, false, null, false));
        await WriteAsync(new StoreWrite.Enqueue(session, 3, full, QualityOfService.ExactlyOnce, true, [1, 268_435_455], true));
        await write;

        await ReopenAsync();
        var page = await ReadAsync((await LoadAsync("c"))!.Session);

        page.IsLast.Should().BeTrue();
        page.Messages.Select(message => message.Position).Should().Equal(1, 3);
        var second = page.Messages[1].Delivery;
        second.Publication.Should().BeEquivalentTo(full, options => options.Excluding(publication => publication.Payload).Excluding(publication => publication.Properties!.CorrelationData));
        second.Publication.Payload.ToArray().Should().Equal(full.Payload.ToArray());
        second.Publication.Properties!.CorrelationData!.Value.ToArray().Should().Equal(9);
        second.Retain.Should().BeTrue();
        second.QoS.Should().Be(QualityOfService.ExactlyOnce);
        second.SubscriptionIdentifiers.Should().Equal(1, 268_435_455);
    }

    [Fact]
    public async Task Acknowledged_messages_go_and_unacknowledged_ones_come_back_with_their_packet_ids()
    {
        var session = await CreateAsync("c");
        for (var position = 1; position <= 5; position++)
        {
            await WriteAsync(Enqueue(session, position, Message($"m{position}", new MessageId(1, position), 1)));
        }

        await WriteAsync(new StoreWrite.Read(session, 1, 11, QualityOfService.ExactlyOnce));
        await WriteAsync(new StoreWrite.Read(session, 2, 12, QualityOfService.ExactlyOnce));
        await WriteAsync(new StoreWrite.Read(session, 3, 13, QualityOfService.AtLeastOnce));
        await WriteAsync(new StoreWrite.Read(session, 4, 0, QualityOfService.AtLeastOnce));
        await WriteAsync(new StoreWrite.PubRec(session, 1));
        await WriteAsync(new StoreWrite.Acknowledge(session, 3));

        await ReopenAsync();
        var stored = (await LoadAsync("c"))!;

        stored.Inflight.Select(step => (step.Position, step.PacketId, step.State)).Should().Equal(
            (1, 11, InflightState.AwaitingPubComp), (2, 12, InflightState.AwaitingPubRec));
        stored.Inflight[0].Message.Should().BeNull();
        Text(stored.Inflight[1].Message!.Value).Should().Be("m2");
        (stored.ReadPosition, stored.LastPosition, stored.QueuedMessages).Should().Be((4, 5, 1));
        stored.Received.Should().HaveCount(5);

        await WriteAsync(new StoreWrite.Acknowledge(stored.Session, 1));
        await WriteAsync(new StoreWrite.Acknowledge(stored.Session, 2));
        (await CountAsync("mqtt_queue")).Should().Be(1);
        (await LoadAsync("c"))!.Inflight.Should().BeEmpty();
    }

    [Fact]
    public async Task A_publishers_packet_ids_keep_their_numbers_until_released()
    {
        var session = await CreateAsync("p");
        await WriteAsync(new StoreWrite.NumberInbound(session, 1, 1, null));
        await WriteAsync(new StoreWrite.NumberInbound(session, 2, 2, [7, 8]));
        await WriteAsync(new StoreWrite.NumberInbound(session, 3, 3, null));
        await WriteAsync(new StoreWrite.RouteInbound(session, 2));
        await WriteAsync(new StoreWrite.ReleaseInbound(session, 3));

        await ReopenAsync();
        var stored = (await LoadAsync("p"))!;

        stored.LastNumber.Should().Be(3);
        stored.Inbound.Should().BeEquivalentTo([new StoredInbound(1, 1, false, null), new StoredInbound(2, 2, true, [7, 8])]);
    }

    [Fact]
    public async Task Ids_of_received_messages_stay_until_their_publisher_has_released_them()
    {
        var session = await CreateAsync("c");
        await WriteAsync(Enqueue(session, 1, Message("1", new MessageId(9, 1), 1)));
        await WriteAsync(Enqueue(session, 2, Message("2", new MessageId(9, 2), 1)));
        await WriteAsync(Enqueue(session, 3, Message("x", new MessageId(8, 1), 1)));
        await WriteAsync(new StoreWrite.Read(session, 3, 0, QualityOfService.ExactlyOnce));
        await WriteAsync(Enqueue(session, 4, Message("3", new MessageId(9, 3), 2)));

        await ReopenAsync();

        (await LoadAsync("c"))!.Received.Should().Equal(new MessageId(8, 1), new MessageId(9, 2), new MessageId(9, 3));
    }

    [Fact]
    public async Task A_position_that_is_taken_fails_its_session_and_nobody_else()
    {
        var session = await CreateAsync("c");
        var other = await CreateAsync("d");
        await WriteAsync(Enqueue(session, 1, Message("first")));

        var tasks = new List<Task>();
        for (var position = 1; position <= 20; position++)
        {
            tasks.Add(Writer.WriteAsync(Enqueue(other, position, Message($"o{position}"))));
            if (position == 10)
            {
                tasks.Add(Writer.WriteAsync(Enqueue(session, 1, Message("doubled"))));
                tasks.Add(Writer.WriteAsync(Enqueue(session, 2, Message("behind it"))));
            }
        }

        var all = Task.WhenAll(tasks);
        await FluentActions.Awaiting(() => all).Should().ThrowAsync<StorageException>();
        tasks.Count(task => task.IsFaulted).Should().Be(2);
        session.IsBroken.Should().BeTrue();
        (await ReadAsync(other)).Messages.Select(Text).Should().Equal(Enumerable.Range(1, 20).Select(position => $"o{position}"));

        var again = (await LoadAsync("c"))!;
        again.LastPosition.Should().Be(1);
        await WriteAsync(Enqueue(again.Session, 2, Message("second")));
        (await ReadAsync(again.Session)).Messages.Select(Text).Should().Equal("first", "second");
    }

    [Fact]
    public async Task A_message_for_1000_sessions_is_stored_once_and_goes_with_the_last_of_them()
    {
        var sessions = Enumerable.Range(0, 1000).Select(i => Reader.NewSession($"s{i}")).ToList();
        await Task.WhenAll(sessions.Select(session => Writer.WriteAsync(new StoreWrite.Create(session))));
        var message = Message("to all");

        await Task.WhenAll(sessions.Select(session => Writer.WriteAsync(Enqueue(session, 1, message, shared: true))));

        (await CountAsync("mqtt_message")).Should().Be(1);
        (await CountAsync("mqtt_queue")).Should().Be(1000);
        Text((await ReadAsync(sessions[999])).Messages.Single()).Should().Be("to all");

        await ReopenAsync();
        var loaded = await Task.WhenAll(sessions.Take(999).Select(session => LoadAsync(session.ClientId)));
        await Task.WhenAll(loaded.Select(session => Writer.WriteAsync(new StoreWrite.Read(session!.Session, 1, 0, QualityOfService.AtLeastOnce))));
        (await CountAsync("mqtt_message")).Should().Be(1);
        var last = (await LoadAsync("s999"))!.Session;
        await WriteAsync(new StoreWrite.Read(last, 1, 0, QualityOfService.AtLeastOnce));
        await UntilAsync(async () => await CountAsync("mqtt_message") == 0);
    }

    [Fact]
    public async Task A_discarded_session_leaves_nothing_and_its_client_id_is_free_at_once()
    {
        var session = await CreateAsync("c");
        await WriteAsync(new StoreWrite.AddRoute(session, "a/#", new SubscriptionOptions(QualityOfService.AtLeastOnce)));
        var enqueued = Enumerable.Range(1, 3000).Select(position => Writer.WriteAsync(Enqueue(session, position, Message("m", new MessageId(3, position), 1)))).ToList();
        await Task.WhenAll(enqueued);

        var discarded = Writer.WriteAsync(new StoreWrite.Discard(session));
        var next = await CreateAsync("c");
        await discarded;

        (await LoadAsync("c"))!.Session.Key.Should().Be(next.Key);
        Reader.MayHaveSession("c").Should().BeTrue();
        foreach (var table in new[] { "mqtt_queue", "mqtt_received", "mqtt_ended", "mqtt_route" })
        {
            await UntilAsync(async () => await CountAsync(table) == 0);
        }
    }

    [Fact]
    public async Task A_will_that_an_earlier_process_left_behind_is_known_until_its_connection_is_forgotten()
    {
        await WriteAsync(new StoreWrite.OpenConnection("w", 5, 0, new WillMessage { Topic = "t", Payload = default }));
        await WriteAsync(new StoreWrite.OpenConnection("none", 6, 60, null));

        await ReopenAsync();

        (Reader.MayHaveSession("w"), Reader.MayHaveSession("none")).Should().Be((true, false));
        await WriteAsync(new StoreWrite.ForgetConnection("w", 4));
        Reader.MayHaveSession("w").Should().BeTrue("that was another connection");
        await WriteAsync(new StoreWrite.ForgetConnection("w", 5));
        Reader.MayHaveSession("w").Should().BeFalse();
    }

    [Fact]
    public async Task A_second_session_of_a_client_id_is_refused()
    {
        await CreateAsync("c");

        await FluentActions.Awaiting(() => CreateAsync("c")).Should().ThrowAsync<StorageException>();
    }

    [Fact]
    public async Task Pages_end_at_their_bounds_and_hold_at_least_one_message()
    {
        var session = await CreateAsync("c");
        await Task.WhenAll(Enumerable.Range(1, 10).Select(position => Writer.WriteAsync(Enqueue(session, position, Message(new string('x', 97))))));

        (await ReadAsync(session, messages: 4)).Messages.Select(message => message.Position).Should().Equal(1, 2, 3, 4);
        (await ReadAsync(session, after: 4, bytes: 250)).Messages.Select(message => message.Position).Should().Equal(5, 6, 7);
        (await ReadAsync(session, after: 9, bytes: 1)).Should().BeEquivalentTo(new { IsLast = true }).And.Match<QueuePage>(page => page.Messages.Count == 1);
        (await ReadAsync(session, after: 10)).Messages.Should().BeEmpty();
    }

    [Fact]
    public async Task Expired_messages_of_sessions_that_stay_away_are_removed()
    {
        var session = await CreateAsync("c");
        var expired = new Publication { Topic = "t", Payload = new byte[] { 1 }, QoS = QualityOfService.AtLeastOnce, ExpiresAt = 1_000 };
        await WriteAsync(Enqueue(session, 1, expired));
        await WriteAsync(Enqueue(session, 2, Message("stays")));
        await WriteAsync(Enqueue(session, 3, expired));

        await UntilAsync(async () => await CountAsync("mqtt_queue") == 1);
        (await ReadAsync(session)).Messages.Select(Text).Should().Equal("stays");
    }
}
