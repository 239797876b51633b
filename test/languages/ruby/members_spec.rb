require_relative '../shop'
require_relative 'paybox_sim'

RSpec.describe PayboxSim::Gateway do
  include PayboxSim::RSpec

  it 'has URLs, a journal and payments' do
    expect(Shop.new(paybox.url).checkout('ORDER-1', 1000)).to eq 'paid'
    expect(Shop.new(paybox.backup_url).checkout('ORDER-2', 2000)).to eq 'paid'
    entries = paybox.journal
    expect(entries.map { |entry| [entry['operation'], entry['request']['MONTANT']] }).to eq [%w[pay 1000], %w[pay 2000]]
    expect(entries[0]['request']['SITE']).to eq paybox.account.site
    expect(paybox.payments.map { |payment| payment.values_at('REFERENCE', 'STATUS', 'captured') })
      .to eq [['ORDER-1', 'Capturé', 1000], ['ORDER-2', 'Capturé', 2000]]
    expect(paybox).to have_charged(times: 2)
    expect(paybox).not_to have_charged(times: 1)
    expect(paybox).to have_charged_once('ORDER-2', 2000, refunded: 0)
    expect(paybox).to have_received_requests({ send: 'pay', with: { MONTANT: /^1.*0$/, REFERENCE: 'ORDER-1' } }, '00003')
    expect(paybox).to have_no_findings('error')
  end

  it 'refuses and fails' do
    paybox.answer('00105', match: { REFERENCE: 'ORDER-1' })
    paybox.fault({ processed: 'no', reply: 'drop' }, match: { REFERENCE: 'ORDER-2' }, times: 1)
    shop = Shop.new(paybox.url)
    expect(shop.checkout('ORDER-1', 1000)).to eq 'refused'
    expect(shop.checkout('ORDER-2', 1000)).to eq 'paid'
    expect(paybox).to have_charged(times: 0, reference: 'ORDER-1')
    expect(paybox).to have_charged_once('ORDER-2', 1000)
  end

  it 'has a clock' do
    paybox.clock.set('2026-06-10T12:00', frozen: true)
    expect(paybox.clock.now).to start_with('2026-06-10T12:00')
    paybox.clock.advance('P1D')
    expect(paybox.clock.now).to start_with('2026-06-11T12:00')
    paybox.clock.remit
    expect(paybox.clock.now).to start_with('2026-06-12T03:30')
  end

  it 'lists more than a page' do
    Net::HTTP.post(URI(paybox.url.sub('PPPS.php', '_sim/seed')), '{"payments": 1100}')
    numbers = paybox.journal.map { |entry| entry['seq'] }
    expect(numbers.size).to be > 1000
    expect(numbers).to eq (1..numbers.size).to_a
    ids = paybox.payments.map { |payment| payment['id'] }
    expect(ids.size).to be > 1000
    expect(ids).to eq ids.uniq.sort
  end

  it 'reports mistakes' do
    expect { paybox.answer('00105', tmies: 1) }.to raise_error(PayboxSim::PayboxError, /unknown name "tmies"; known here: id, match, payment/)
    expect { expect(paybox).to have_received_requests('payy') }.to raise_error(PayboxSim::PayboxError, /payy is not an operation/)
    expect { have_received_requests({ send: 'pay', with: { REFERENCE: /x/i } }) }.to raise_error(PayboxSim::PayboxError, /no options/)
  end
end
